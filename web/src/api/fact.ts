import { type Decoder, list, object, text } from './xml';

/** What a sentence of aikagi's own says, apart from its English words; see src/facts. */
export interface Fact {
  Code: string;
  Values: FactValue[];
}

/** A text, or what other sentences say. */
export interface FactValue {
  Name: string;
  Text: string;
  Facts: Fact[];
}

const value: Decoder<FactValue> = (element) => object({ Name: text, Text: text, Facts: list(fact) })(element);

export const fact: Decoder<Fact> = (element) => object({ Code: text, Values: list(value) })(element);
