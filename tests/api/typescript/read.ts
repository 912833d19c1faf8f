// Calls every reading operation through the types that openapi-typescript makes; tsc checks them, then node runs this.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.ts";

declare const process: { argv: string[] };

const client = createClient<paths>({ baseUrl: process.argv[2] ?? "" });
const strokes: components["schemas"]["DrawnLetter"]["strokes"] = [[[10, 10, 0], [10, 90, 180]], [[10, 90], [60, 90]]];

const model = await client.GET("/api/model");
const drawn = await client.POST("/api/recognize", { body: { strokes } });
const input = await client.POST("/api/recognize/input", { body: { input: drawn.data?.input ?? "" } });
const batch = await client.POST("/api/recognize/batch", { body: { letters: [{ strokes }, { strokes: [[[5, 5]]] }] } });
const refused = await client.POST("/api/recognize", {
  body: { strokes: [] },
  headers: { "Accept-Language": "ru" },
});

const letter: string | undefined = drawn.data?.letter;
const bytes: number | undefined = model.data?.input_bytes;
const letters = batch.data?.letters.map((each) => ("letter" in each ? each.letter : each.error)) ?? [];
// @ts-expect-error A letter is no number.
const wrong: number | undefined = drawn.data?.letter;
// @ts-expect-error Strokes are no text.
const mistake: components["schemas"]["DrawnLetter"] = { strokes: "Ж" };

console.log(JSON.stringify({ letter, bytes, again: input.data?.letter, letters, refused: refused.error?.error }));
