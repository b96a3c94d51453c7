// The wire of the actions that AWS's SDK does not know: forms in, XML out.
import { apiPath } from './elasticache';
import { ServiceError } from './error';
import { request, whole } from './transport';
import { type Decoder, object, parse, text } from './xml';

/** Values of a request; undefined ones are left out, lists become numbered members. */
export type Form = Record<string, string | string[] | number | boolean | Date | undefined>;

/** An action, with what reads its answer; takes is there for the compiler alone. */
export interface Action<Input extends Form, Output> {
  name: string;
  answer: Decoder<Output>;
  takes?: Input;
}

/** Calls an action and decodes what it answers. */
export async function ask<Input extends Form, Output>(
  action: Action<Input, Output>,
  form: NoInfer<Input>,
  signal?: AbortSignal,
): Promise<Output> {
  const body = new URLSearchParams({ Action: action.name, Version: '2015-02-02' });
  for (const [name, value] of Object.entries(form)) {
    if (Array.isArray(value)) {
      for (const [i, item] of value.entries()) body.set(`${name}.member.${i + 1}`, item);
    } else if (value !== undefined) {
      body.set(name, value instanceof Date ? value.toISOString() : String(value));
    }
  }
  const answer = await request(apiPath, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: body.toString(),
    signal: signal ?? null,
  });
  const root = parse(await whole(answer.text()));
  if (!answer.ok) throw refusal(root);
  return action.answer(root.querySelector(`${action.name}Result`) ?? undefined);
}

const failure = object({ Error: object({ Code: text, Message: text }), RequestId: text });

function refusal(root: Element): ServiceError {
  const { Error: error, RequestId } = failure(root);
  return new ServiceError(error.Code, error.Message, RequestId);
}
