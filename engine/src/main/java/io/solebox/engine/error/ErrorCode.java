package io.solebox.engine.error;

import java.util.Locale;

/** Stable names of everything that can go wrong; they appear in messages and in API answers. */
public enum ErrorCode {
  /** No file or installed model of that name. */
  MODEL_NOT_FOUND,
  /** The file is damaged, cut short, or not what it says it is. */
  BAD_MODEL_FILE,
  /** A sound file that needs something this version does not have. */
  UNSUPPORTED_MODEL,
  /** The file changed while it was mapped. */
  MODEL_FILE_CHANGED,
  /** The chat template cannot be compiled or refuses the conversation. */
  BAD_TEMPLATE,
  /** The prompt and the context do not fit together. */
  CONTEXT_LENGTH_EXCEEDED,
  /** A grammar, pattern or schema that cannot be honoured in full. */
  BAD_GRAMMAR,
  /** A parameter is out of range. */
  INVALID_PARAMETER,
  /** Weights, KV cache or scratch do not fit in memory. */
  OUT_OF_MEMORY,
  /** The requested device cannot be used. */
  DEVICE_UNAVAILABLE,
  /** The model computed something that is no number. */
  NON_FINITE,
  /** Nothing that may be said is left: all ids are banned. */
  NOTHING_ALLOWED,
  /** The answer took longer than its request allows. */
  DEADLINE_EXCEEDED,
  /** Loading was interrupted by its owner. */
  CANCELLED,
  /** The model is closed or closing. */
  CLOSED,
  /** The machine is too hot, draws too much, or cannot be held to what it may draw. */
  HARDWARE_GUARD,
  /** Connections to other machines are switched off. */
  OFFLINE,
  /** The kernel cannot, or may not, keep this process apart. */
  NO_AIR_GAP,
  /** A source does not give this to whoever asks, or wants to know who that is. */
  ACCESS_DENIED,
  /** Reading or writing failed. */
  IO_ERROR,
  /** There is no room on a disk. */
  DISK_FULL,
  /** Somebody else has it, and one at a time may. */
  IN_USE,
  /** The store of models is damaged, or was made by a newer version. */
  BAD_STORE,
  /** Nobody whom this machine trusts has signed it, or it was changed since. */
  UNTRUSTED,
  /** A bundle that is damaged, cut short, older than it may be, or for another machine. */
  BAD_BUNDLE,
  /** An update that is damaged, cut short, older than it may be, or not for this machine now. */
  BAD_UPDATE,
  /** A document that is damaged, encrypted, too large, or of a kind that is not read. */
  BAD_DOCUMENT,
  /** A bug of ours; the message is for a report. */
  INTERNAL_ERROR;

  /** The name used on the wire, as in {@code bad_model_file}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
