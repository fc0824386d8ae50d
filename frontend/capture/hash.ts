// SHA-256 of a file. The browser's own exists in secure contexts only and wants the whole
// file in memory; ours takes it in slices.
import { sha256 } from "@noble/hashes/sha2.js";

const SLICE_BYTES = 1 << 20;
const WHOLE_BYTES_MAX = 48 << 20;

export async function hashOf(file: Blob): Promise<string> {
  if (crypto.subtle && file.size <= WHOLE_BYTES_MAX) {
    return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer())));
  }
  const hash = sha256.create();
  for (let start = 0; start < file.size; start += SLICE_BYTES) {
    hash.update(new Uint8Array(await file.slice(start, start + SLICE_BYTES).arrayBuffer()));
  }
  return hex(hash.digest());
}

/** The value of tus's `Upload-Checksum` for one piece. */
export async function checksumOf(piece: Blob): Promise<string> {
  const digest = sha256(new Uint8Array(await piece.arrayBuffer()));
  return `sha256 ${btoa(String.fromCharCode(...digest))}`;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
