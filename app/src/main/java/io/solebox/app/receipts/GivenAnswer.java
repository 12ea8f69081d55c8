package io.solebox.app.receipts;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.server.Replayer.Replayed;
import io.solebox.server.receipts.AnswerTexts;
import io.solebox.server.receipts.AnswerTexts.Departure;
import io.solebox.server.receipts.Receipt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An answer that somebody holds against a receipt: as the API gave it, or its text alone.
 *
 * @param whole empty where there is the text alone
 * @param text what people read of it
 */
record GivenAnswer(Optional<AnswerTexts> whole, String text) {
  /** What a receipt says of it. */
  enum Verdict {
    /** It is what was signed. */
    SIGNED,
    /** Something else was signed. */
    OTHER,
    /** The replay has other bits, and the text can be other tokens than were said. */
    UNKNOWN
  }

  /**
   * @param departure where it parts from the replay; empty where it does not
   */
  record Told(Verdict verdict, Optional<Departure> departure) {}

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} for a text beside a receipt of several
   *     answers
   */
  static GivenAnswer read(Path file, Receipt receipt) {
    byte[] bytes = ReceiptFile.bytes(file);
    Optional<AnswerTexts> whole = whole(bytes, receipt.fields().text("path"));
    if (whole.isEmpty() && receipt.fields().objects("answers").size() > 1) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          file.toString(),
          "The receipt is of several answers, and a text is one.",
          "Give the answer as the API gave it, as JSON.");
    }
    return new GivenAnswer(
        whole,
        whole.map(AnswerTexts::visible).orElseGet(() -> new String(bytes, StandardCharsets.UTF_8)));
  }

  private static Optional<AnswerTexts> whole(byte[] bytes, String path) {
    try {
      return AnswerTexts.of(new JsonReader(JsonLimits.LOCAL).readObject(bytes), path);
    } catch (JsonException e) {
      return Optional.empty(); // it is a text then
    }
  }

  /**
   * @param sameBits whether the replay is what was signed
   */
  Told against(Receipt receipt, Replayed replay, boolean sameBits, Tokenizer tokenizer) {
    AnswerTexts again =
        AnswerTexts.of(replay.answer(), receipt.fields().text("path")).orElseThrow();
    Optional<Departure> departure =
        whole.isPresent() ? again.departure(whole.get()) : again.departure(text);
    if (sameBits) {
      return new Told(departure.isEmpty() ? Verdict.SIGNED : Verdict.OTHER, departure);
    }
    boolean signed = receipt.isOf(tokenizer.encode(text, Tokenizer.Specials.AS_TEXT, false));
    return new Told(signed ? Verdict.SIGNED : Verdict.UNKNOWN, departure);
  }
}
