/** What ocmem prints as JSON against the schemas that it publishes: neither says more than the other. */

import assert from "node:assert/strict";
import { pure } from "../support.ts";
import { EXAMPLES } from "./examples.ts";
import { spoiled, withMore } from "./spoiled.ts";
import { closedValidator, narrowed, parts, type Schema, SCHEMAS, validator } from "./schemas.ts";

/** What ocmem writes. The options file it reads: tests/schema/config_test.ts. */
const WRITTEN = Object.entries(SCHEMAS).filter(([name]) => name !== "config");

pure("every schema has examples", () => {
  assert.deepEqual(WRITTEN.map(([name]) => name).sort(), Object.keys(EXAMPLES).sort());
});

for (const [name, schema] of WRITTEN) {
  const examples = EXAMPLES[name] ?? (() => Promise.resolve([]));

  pure(`${name}: says what it is, and what each key means`, () => {
    assert.equal(schema.$id, `urn:ocmem:schema:${name}:1`);
    for (const [path, { properties = {}, description, title }] of parts(schema)) {
      if (path.length === 0) assert.ok(title && description);
      for (const [key, part] of Object.entries(properties)) {
        assert.ok(describes(part, schema), `/${path.join("/")} does not say what ${key} is`);
      }
    }
  });

  pure(`${name}: every example fits, and has no key that is not described`, async () => {
    const [open, strict] = [validator(schema), closedValidator(schema)];
    for (const example of await examples()) {
      assert.equal(open(example), null, JSON.stringify(example));
      assert.equal(strict(example), null, JSON.stringify(example));
    }
  });

  pure(`${name}: everything that is described occurs in an example`, async () => {
    const given = await examples();
    const unseen: string[] = [];
    for (const [what, less] of narrowed(schema)) {
      const validate = closedValidator(less);
      if (given.every((example) => validate(example) === null)) unseen.push(what);
    }
    assert.deepEqual(unseen, []);
  });

  pure(`${name}: a key that lacks or has a value of another kind is refused`, async () => {
    const validate = validator(schema);
    const given = await examples();
    const accepted = new Set<string>();
    for (const [what, example] of spoiled(name, given)) {
      if (validate(example) === null) accepted.add(what);
    }
    assert.deepEqual([...accepted], []);
  });

  pure(`${name}: keys that may come later are accepted`, async () => {
    const validate = validator(schema);
    for (const example of await examples()) {
      assert.equal(validate(withMore(example)), null);
    }
  });
}

/** Whether a key's own schema says what it means, or the one that it refers to. */
function describes({ description, $ref }: Schema, { $defs = {} }: Schema): boolean {
  const named = $ref === undefined ? undefined : $defs[$ref.slice("#/$defs/".length)];
  return (description ?? named?.description ?? "") !== "";
}
