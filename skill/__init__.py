"""The Alexa door: envelopes in, envelopes out."""
