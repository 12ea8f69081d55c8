package io.solebox.server.receipts;

import io.solebox.server.box.BoxKey;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A receipt of answers that are still computed. */
public final class Draft {
  /** Of a SubjectPublicKeyInfo's end (RFC 8410). */
  private static final int RAW_KEY_BYTES = 32;

  private final String path;
  private final Salt salt;
  private final Map<String, Object> made;
  private final BoxKey key;
  private final Clock clock;

  Draft(String path, Salt salt, Map<String, Object> made, BoxKey key, Clock clock) {
    this.path = path;
    this.salt = salt;
    this.made = made;
    this.key = key;
    this.clock = clock;
  }

  /** The salted digest of a prompt, as the receipt will have it. */
  public String digest(int[] prompt) {
    return salt.digest("prompt", prompt);
  }

  /**
   * The receipt.
   *
   * @param answers complete, in the order of the choices
   */
  public Map<String, Object> sign(List<Answered> answers) {
    AnswerWords words = new AnswerWords(salt);
    List<Object> said = new ArrayList<>();
    answers.forEach(answer -> said.add(words.of(answer)));
    Map<String, Object> receipt = new LinkedHashMap<>();
    receipt.put("type", Receipt.TYPE);
    receipt.put("version", Receipt.VERSION);
    receipt.put("id", "rcpt_" + UUID.randomUUID().toString().replace("-", ""));
    receipt.put("time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
    receipt.put("path", path);
    receipt.putAll(made);
    receipt.put("answers", said);
    receipt.put("energy", "unknown");
    receipt.put("box", box());
    receipt.put("salt_digest", salt.digest());
    byte[] message = Receipt.message(receipt);
    receipt.put("salt", salt.hex());
    receipt.put("signature", HexFormat.of().formatHex(key.sign(message)));
    return receipt;
  }

  private Map<String, Object> box() {
    byte[] info = key.publicKey().getEncoded();
    byte[] raw = Arrays.copyOfRange(info, info.length - RAW_KEY_BYTES, info.length);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("public_key", HexFormat.of().formatHex(raw));
    fields.put("fingerprint", key.fingerprint());
    return fields;
  }
}
