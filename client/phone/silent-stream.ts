/** An audio track that says nothing. A tester's phone needs a track to answer with, but nobody's microphone. */
export function silentStream(audio: AudioContext): MediaStream {
  return audio.createMediaStreamDestination().stream;
}
