// The Slack of the package "emulate" on a port, with what it begins with as JSON: node slack.mjs PORT SEED. It says its address once it listens.
import { createEmulator } from "emulate";

const [port, seed] = process.argv.slice(2);
const slack = await createEmulator({ service: "slack", port: Number(port), seed: JSON.parse(seed) });
console.log(slack.url);
