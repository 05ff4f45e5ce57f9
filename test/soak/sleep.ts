export async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => void setTimeout(resolve, ms));
}
