"""What happens on each kind of event; plain functions, registered by `slackbot.app`."""
