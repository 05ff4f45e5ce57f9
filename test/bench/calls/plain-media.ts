import { Audio, PeerConnection, type Track } from 'node-datachannel';

/**
 * The phone's media: real ICE, DTLS and SRTP, answered as cheaply as libdatachannel can. Without a listener its packets
 * are decrypted and dropped in native code.
 */
export class PlainMedia {
  readonly #connection: PeerConnection;
  readonly #track: Track;

  constructor(offer: string, onePort: boolean, onPacket: ((packet: Uint8Array) => void) | undefined) {
    this.#connection = new PeerConnection('phone', {
      iceServers: [],
      disableAutoNegotiation: true,
      bindAddress: '127.0.0.1',
      enableIceUdpMux: onePort,
    });
    const audio = new Audio(/^a=mid:(\S+)/m.exec(offer)?.[1] ?? '0', onPacket ? 'SendRecv' : 'SendOnly');
    audio.addAudioCodec(0, 'PCMU/8000');
    audio.addAudioCodec(101, 'telephone-event/8000', '0-16');
    audio.addSSRC(1 + Math.floor(Math.random() * 0x7fff_ffff), 'phone');
    this.#track = this.#connection.addTrack(audio);
    if (onPacket) this.#track.onMessage(onPacket);
    this.#connection.setRemoteDescription(offer, 'offer');
  }

  async answer(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.#connection.onGatheringStateChange((state) => {
        if (state === 'complete') resolve();
      });
      this.#connection.setLocalDescription('answer');
    });
    const sdp = this.#connection.localDescription()?.sdp ?? '';
    return sdp.replace('a=sendonly', 'a=sendrecv');
  }

  send(packet: Buffer): void {
    if (this.#track.isOpen()) this.#track.sendMessageBinary(packet);
  }

  close(): void {
    this.#connection.close();
    // Or it would stay, with its listener.
    this.#track.close();
  }
}
