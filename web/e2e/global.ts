/** Says what the tests need before the first one fails for it. */
export default function setup(): void {
  if (!process.env.AIKAGI_PROGRAM) throw new Error('AIKAGI_PROGRAM is not set; run: scripts/web.sh e2e');
}
