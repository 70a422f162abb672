// Speaks a list of utterances to a skill over HTTP as virtual-alexa does, and prints what it made of each: node talk.js MODEL URL SKILL_ID < utterances.json
const { VirtualAlexa } = require("virtual-alexa");
const [model, url, skill] = process.argv.slice(2);
const utterances = JSON.parse(require("fs").readFileSync(0, "utf8"));

(async () => {
  const heard = [];
  for (const said of utterances) {
    const alexa = VirtualAlexa.Builder().skillURL(url).interactionModelFile(model).applicationID(skill).create();
    let intent = null;
    alexa.filter((request) => { intent = request.request.type === "IntentRequest" ? request.request.intent.name : request.request.type; });
    try {
      const response = said === null ? await alexa.launch() : await alexa.utter(said);
      heard.push({ said, intent, response });
    } catch (error) {
      heard.push({ said, intent, error: String(error) });
    }
  }
  console.log(JSON.stringify(heard));
})();
