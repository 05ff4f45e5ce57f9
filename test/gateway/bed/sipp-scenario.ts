/** What a phone does, step by step, as SIPp's XML; one that calls begins with `call`, any other waits for a call. */
export type SippStep =
  | SippCall
  /** A call of ours is answered, its ACK is out. */
  | { readonly type: 'wait-for-answer' }
  /** A call of ours is refused with this status. */
  | { readonly type: 'wait-for-refusal'; readonly status: number }
  | { readonly type: 'ring' }
  | { readonly type: 'pause'; readonly ms: number }
  /** 200 with SDP, then the ACK. The caller's media goes to `mediaPort`, or to SIPp itself. */
  | { readonly type: 'answer'; readonly mediaPort?: number }
  | { readonly type: 'listen'; readonly ms: number }
  | { readonly type: 'refuse'; readonly status: number; readonly reason: string }
  /** 180, then silence until the caller gives up. */
  | { readonly type: 'ring-until-canceled' }
  | { readonly type: 'key-by-info'; readonly digits: string }
  /** Plays a capture file from a raw socket, which only root may open. */
  | { readonly type: 'play'; readonly pcap: string }
  | { readonly type: 'hang-up' }
  | { readonly type: 'wait-for-bye' };

interface SippCall {
  readonly type: 'call';
  /** The number; SIPp's remote address is the proxy. */
  readonly to: string;
  /** As From has it, without the tag: `<sip:+12025550123@phone.example>`. */
  readonly from: string;
  /** More header fields. */
  readonly headers?: readonly string[];
  /** Where the far end's media is to go. */
  readonly mediaPort: number;
}

export function sippScenario(steps: readonly SippStep[]): string {
  const call = steps.find((step) => step.type === 'call');
  const mediaPort = call?.mediaPort ?? steps.find((step) => step.type === 'answer')?.mediaPort;
  const ends = call ? endsOf(call) : CALLED_ENDS;
  return [
    '<?xml version="1.0" encoding="ISO-8859-1"?>',
    '<scenario name="phone">',
    ...(call ? [] : [RECEIVE_INVITE]),
    ...steps.flatMap((step, index) => xmlOf(step, { description: sdp(mediaPort), label: index * 10 + 1, ends })),
    '</scenario>',
  ].join('\n');
}

interface Place {
  readonly description: string;
  /** The first of ten labels that are the step's own. */
  readonly label: number;
  readonly ends: Ends;
}

/** From and To of the requests that SIPp sends in a call, and where its INVITE went. */
interface Ends {
  readonly from: string;
  readonly to: string;
  readonly uri: string;
}

const CALLED_ENDS: Ends = {
  from: 'From: <sip:sipp@[local_ip]>;tag=[pid]S[call_number]',
  to: 'To:[$caller]',
  uri: '[next_url]',
};

function endsOf({ from, to }: SippCall): Ends {
  return {
    from: `From: ${from};tag=[pid]S[call_number]`,
    to: `To: <sip:${to}@[remote_ip]>[peer_tag_param]`,
    uri: `sip:${to}@[remote_ip]:[remote_port]`,
  };
}

function xmlOf(step: SippStep, place: Place): readonly string[] {
  switch (step.type) {
    case 'call':
      return [invite(step, place.description)];
    case 'wait-for-answer':
      return [
        ...PROVISIONAL,
        '<recv response="200" rrs="true"/>',
        send(['ACK [next_url] SIP/2.0', ...dialogLines('ACK', place.ends), 'Content-Length: 0', ''], false),
      ];
    case 'wait-for-refusal':
      return [...PROVISIONAL, `<recv response="${step.status}"/>`, refusalAcknowledged(place.ends)];
    case 'ring':
      return [response('180 Ringing')];
    case 'pause':
      return [`<pause milliseconds="${step.ms}"/>`];
    case 'answer':
      return [response('200 OK', { body: place.description }), '<recv request="ACK" rtd="true" crlf="true"/>'];
    case 'listen':
      return untilBye({ ...place, ms: step.ms });
    case 'refuse':
      return [response(`${step.status} ${step.reason}`), '<recv request="ACK"/>'];
    case 'ring-until-canceled':
      return [
        response('180 Ringing'),
        '<recv request="CANCEL"/>',
        response('200 OK'),
        // The INVITE's own final answer: SIPp's last message is the CANCEL, so its CSeq is spelled out.
        response('487 Request Terminated').replace('[last_CSeq:]', 'CSeq: [$number] INVITE'),
        '<recv request="ACK"/>',
      ];
    case 'key-by-info':
      return Array.from(step.digits).flatMap((digit) => [
        inDialog('INFO', place.ends, infoBody(digit)),
        '<recv response="200"/>',
      ]);
    case 'play':
      return [`<nop><action><exec play_pcap_audio="${step.pcap}"/></action></nop>`];
    case 'hang-up':
      return [inDialog('BYE', place.ends), '<recv response="200"/>'];
    case 'wait-for-bye':
      break;
  }
  return [...untilBye(place), response('200 OK', { isInDialog: true })];
}

/** Takes a re-INVITE at any time: Ringproof mends media that did not come up. With `ms`, no BYE is due before that. */
function untilBye({ description, label, ms }: Place & { readonly ms?: number }): readonly string[] {
  const [again, mend, over] = [label, label + 1, label + 2];
  // SIPp looks for a time limit at the first of the messages it waits for.
  const limit = ms === undefined ? '' : ` timeout="${ms}" ontimeout="${over}"`;
  return [
    `<label id="${again}"/>`,
    `<recv request="INVITE" optional="true" next="${mend}"${limit}/>`,
    `<recv request="BYE" next="${over}"/>`,
    `<label id="${mend}"/>`,
    response('200 OK', { body: description, isInDialog: true }),
    `<recv request="ACK" next="${again}"/>`,
    `<label id="${over}"/>`,
  ];
}

const RECEIVE_INVITE = `<recv request="INVITE" rrs="true"><action>
  <ereg regexp=".*" search_in="hdr" header="From:" check_it="true" assign_to="caller"/>
  <ereg regexp="[0-9]+" search_in="hdr" header="CSeq:" check_it="true" assign_to="number"/>
</action></recv>
${response('100 Trying')}
<nop><action><log message="[$caller] [$number]"/></action></nop>`;

function response(
  status: string,
  { body = '', isInDialog = false }: { readonly body?: string; readonly isInDialog?: boolean } = {},
): string {
  const final = body !== '' || Number(status.slice(0, 3)) >= 300;
  const to = isInDialog || status.startsWith('100') ? '[last_To:]' : '[last_To:];tag=[pid]S[call_number]';
  return send(
    [
      `SIP/2.0 ${status}`,
      '[last_Via:]',
      '[last_Record-Route:]',
      '[last_From:]',
      to,
      '[last_Call-ID:]',
      '[last_CSeq:]',
      'Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>',
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      'Content-Length: [len]',
      '',
      body,
    ],
    final,
  );
}

const PROVISIONAL = ['100', '180'].map((status) => `<recv response="${status}" optional="true"/>`);

function invite(call: SippCall, description: string): string {
  const { from, uri } = endsOf(call);
  return send(
    [
      `INVITE ${uri} SIP/2.0`,
      ...callLines('INVITE'),
      from,
      `To: <sip:${call.to}@[remote_ip]>`,
      ...(call.headers ?? []),
      'Content-Type: application/sdp',
      'Content-Length: [len]',
      '',
      description,
    ],
    true,
  );
}

/** The ACK of a refusal belongs to the INVITE's own transaction (RFC 3261 §17.1.1.3). */
function refusalAcknowledged({ from, uri }: Ends): string {
  const lines = [`ACK ${uri} SIP/2.0`, '[last_Via:]', from, '[last_To:]', '[last_Call-ID:]'];
  return send([...lines, 'CSeq: 1 ACK', 'Max-Forwards: 70', 'Content-Length: 0', ''], false);
}

function callLines(method: string): readonly string[] {
  return [
    'Via: SIP/2.0/[transport] [local_ip]:[local_port];rport;branch=[branch]',
    'Max-Forwards: 70',
    'Call-ID: [call_id]',
    `CSeq: [cseq] ${method}`,
    'Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>',
  ];
}

function dialogLines(method: string, { from, to }: Ends): readonly string[] {
  return [...callLines(method), '[routes]', from, to];
}

function inDialog(method: string, ends: Ends, body = ''): string {
  return send(
    [
      `${method} [next_url] SIP/2.0`,
      ...dialogLines(method, ends),
      ...(body === '' ? [] : ['Content-Type: application/dtmf-relay']),
      'Content-Length: [len]',
      '',
      body,
    ],
    true,
  );
}

/**
 * `retrans` makes SIPp send again until the next `recv`: for a request, and for a final answer to INVITE. Not after
 * 500 ms (RFC 3261, T1): the second ACK that this brings on a busy machine makes SIPp 3.6 forget its next time limit.
 */
function send(lines: readonly string[], untilAnswered: boolean): string {
  return `<send${untilAnswered ? ' retrans="4000"' : ''}><![CDATA[\n${lines.join('\n')}\n]]></send>`;
}

function infoBody(digit: string): string {
  return `Signal=${digit}\nDuration=160\n`;
}

function sdp(mediaPort: number | undefined): string {
  return [
    'v=0',
    'o=sipp 1 1 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${mediaPort ?? '[auto_media_port]'} RTP/AVP 0 101`,
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-16',
    'a=ptime:20',
    '',
  ].join('\n');
}
