// A voice server without a voice: a real child process that speaks server/telephony/messages.ts and does what its
// test says. The test listens on the port FAKE_GATEWAY_CONTROL and gets every message as a line of JSON; each line
// that it sends back goes to the web server, or is one of the commands {"do": "exit", "code": n}, {"do": "disconnect"}.
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const control = connect(Number(process.env.FAKE_GATEWAY_CONTROL), '127.0.0.1');
control.on('error', () => process.exit(1));
control.write(`${JSON.stringify({ type: 'hello', pid: process.pid })}\n`);

process.on('message', (message) => {
  control.write(`${JSON.stringify(message)}\n`);
  if (message.type === 'shut-down' && process.env.FAKE_GATEWAY_STUBBORN === undefined) process.exit(0);
});
process.on('disconnect', () => {
  if (!disconnecting) process.exit(0);
});
let disconnecting = false;

createInterface({ input: control }).on('line', (line) => {
  const message = JSON.parse(line);
  if (message.do === 'exit') process.exit(message.code);
  else if (message.do === 'disconnect') {
    disconnecting = true;
    process.disconnect();
  } else if (message.do === 'print') process.stderr.write(`${message.text}\n`);
  else process.send(message);
});
