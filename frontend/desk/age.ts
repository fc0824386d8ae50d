// How an age reads and when it becomes urgent; the server's words.py says the same.

export const AGE_SECONDS = 10;
const AMBER_MINUTES = 5;
const RED_MINUTES = 15;

export function ageText(minutes: number): string {
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / 1440)} days`;
}

export function ageClass(minutes: number): string {
  if (minutes >= RED_MINUTES) return "bad";
  return minutes >= AMBER_MINUTES ? "warn" : "good";
}
