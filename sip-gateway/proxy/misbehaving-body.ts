import { infoBodyOf, type InfoForm } from './info-form.ts';
import { withHeader, withoutAll, type SipMessage, type SipRequest } from './sip-message.ts';

/** The body as text, edited; without a body nothing is edited, and an empty one goes without its type. */
export function withBody<M extends SipMessage>(message: M, edit: (body: string) => string): M {
  if (message.body.length === 0) return message;
  const body = Buffer.from(edit(Buffer.from(message.body).toString()));
  return body.length === 0 ? { ...withoutAll(message, 'content-type'), body } : { ...message, body };
}

/** The same key in another form; what is not a key stays as it is. */
export function withInfoForm(request: SipRequest, form: InfoForm): SipRequest {
  const [, key] = /^\s*Signal\s*=\s*([0-9*#A-D])\s*$/im.exec(Buffer.from(request.body).toString()) ?? [];
  if (key === undefined) return request;
  const { contentType, body } = infoBodyOf(form, key.toUpperCase());
  return { ...withHeader(request, 'Content-Type', contentType), body };
}
