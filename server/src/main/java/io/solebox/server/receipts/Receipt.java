package io.solebox.server.receipts;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.server.box.BoxKey;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a box signed of answers that it gave; {@code docs/receipts} says what is in it. A receipt
 * that this class has made of bytes is intact: not a bit of it is other than it was signed, by the
 * key that it names. Whose key that is, is for its reader to know.
 */
public final class Receipt {
  static final String TYPE = "solebox-receipt";
  static final int VERSION = 1;

  /** Of all that the key signs, this is a receipt. */
  private static final String CONTEXT = "solebox-receipt-1\n";

  private static final String SIGNATURE = "signature";
  private static final String SALT = "salt";
  private static final int SIGNATURE_BYTES = 64;
  private static final int KEY_BYTES = 32;

  /** A SubjectPublicKeyInfo of Ed25519 up to the key (RFC 8410). */
  private static final String INFO = "302a300506032b6570032100";

  private static final int MOST_BYTES = 8 << 20;
  private static final JsonReader READER =
      new JsonReader(new JsonLimits(MOST_BYTES, 16, MOST_BYTES, 500_000));

  private final Fields fields;
  private final Optional<Salt> salt;
  private final String fingerprint;
  private final boolean inAnswer;

  private Receipt(Fields fields, Optional<Salt> salt, String fingerprint, boolean inAnswer) {
    this.fields = fields;
    this.salt = salt;
    this.fingerprint = fingerprint;
    this.inAnswer = inAnswer;
  }

  /**
   * Reads a receipt, or the one of an answer, and verifies it.
   *
   * @param place for errors
   * @throws SoleboxException {@code UNTRUSTED} with the reason where it is none, or not as it was
   *     signed
   */
  public static Receipt read(byte[] json, String place) {
    Map<String, Object> object;
    try {
      object = READER.readObject(json);
    } catch (JsonException e) {
      throw untrusted(place, "this is no JSON: " + e.getMessage());
    }
    boolean inAnswer = !object.containsKey(SIGNATURE) && object.containsKey("receipt");
    Fields fields = new Fields(inAnswer ? members(object.get("receipt"), place) : object, place);
    fields.require("type", TYPE);
    if (fields.number("version") != VERSION) {
      throw untrusted(place, "its version is none that this Solebox knows");
    }
    Optional<Salt> salt = verifySalt(fields);
    String fingerprint = verifySignature(fields);
    return new Receipt(fields, salt, fingerprint, inAnswer);
  }

  /** Whoever shows a receipt may leave the salt away, and cannot show another. */
  private static Optional<Salt> verifySalt(Fields fields) {
    String digest = fields.text("salt_digest");
    if (!fields.has(SALT)) {
      return Optional.empty();
    }
    Salt salt =
        Salt.of(fields.text(SALT))
            .filter(its -> its.digest().equals(digest))
            .orElseThrow(
                () -> untrusted(fields.place(), "its salt is not the one that it was signed with"));
    return Optional.of(salt);
  }

  private static String verifySignature(Fields fields) {
    String place = fields.place();
    byte[] message =
        CanonicalJson.of(unsigned(fields.all()))
            .map(Receipt::inContext)
            .orElseThrow(() -> untrusted(place, "a value in it is none that receipts have"));
    byte[] signature =
        Hex.bytes(fields.text(SIGNATURE), SIGNATURE_BYTES)
            .orElseThrow(() -> untrusted(place, "its signature is not 128 hexadecimal digits"));
    Fields box = fields.object("box");
    PublicKey key =
        Hex.bytes(box.text("public_key"), KEY_BYTES)
            .flatMap(Receipt::key)
            .orElseThrow(() -> untrusted(place, "its public key is none"));
    if (!BoxKey.fingerprint(key).equals(box.text("fingerprint"))) {
      throw untrusted(place, "its fingerprint is not that of its key");
    }
    if (!BoxKey.verify(key, message, signature)) {
      throw untrusted(place, "it was changed since it was signed");
    }
    return box.text("fingerprint");
  }

  private static Optional<PublicKey> key(byte[] raw) {
    return BoxKey.publicKey(HexFormat.of().parseHex(INFO + HexFormat.of().formatHex(raw)));
  }

  /** What is signed of a receipt. */
  static byte[] message(Map<String, Object> receipt) {
    return CanonicalJson.of(unsigned(receipt)).map(Receipt::inContext).orElseThrow();
  }

  private static byte[] inContext(byte[] canonical) {
    byte[] context = CONTEXT.getBytes(StandardCharsets.US_ASCII);
    byte[] message = new byte[context.length + canonical.length];
    System.arraycopy(context, 0, message, 0, context.length);
    System.arraycopy(canonical, 0, message, context.length, canonical.length);
    return message;
  }

  private static Map<String, Object> unsigned(Map<String, Object> receipt) {
    Map<String, Object> rest = new LinkedHashMap<>(receipt);
    rest.remove(SIGNATURE);
    rest.remove(SALT);
    return rest;
  }

  @SuppressWarnings("unchecked") // JSON objects have String keys
  static Map<String, Object> members(Object value, String place) {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw untrusted(place, "there is no object where receipts have one");
  }

  static SoleboxException untrusted(String place, String why) {
    return new SoleboxException(
        ErrorCode.UNTRUSTED,
        place,
        "This is no receipt to rely on: " + why + ".",
        "Ask whoever gave it for the receipt as the server sent it.");
  }

  /**
   * What makes the same answers again, in the words of their own receipt.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} where it has no salt
   */
  public ReceiptWish.Again again() {
    Salt its =
        salt.orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.INVALID_PARAMETER,
                    fields.place(),
                    "Its salt was taken out, so nothing can be held against it.",
                    "Take the receipt as the server sent it."));
    List<Long> seeds = new ArrayList<>();
    List<String> prompts = new ArrayList<>();
    for (Fields answer : fields.objects("answers")) {
      seeds.add(Long.valueOf(answer.object("sampling").text("seed")));
      prompts.add(answer.object("prompt").text("digest"));
    }
    return new ReceiptWish.Again(fields.text("path"), its, seeds, prompts);
  }

  /** What it says. */
  public Fields fields() {
    return fields;
  }

  /** Without it, nobody can hold a prompt or an answer against the receipt. */
  public Optional<Salt> salt() {
    return salt;
  }

  /**
   * Whether ids are those of its only answer. Of a text there can be other ids than a model has
   * said: that they are not says nothing of the text.
   */
  public boolean isOf(int[] ids) {
    List<Fields> answers = fields.objects("answers");
    return answers.size() == 1
        && salt.isPresent()
        && salt.get()
            .digest("answer", ids)
            .equals(answers.getFirst().object("answer").text("digest"));
  }

  /** Of the key that signed it. */
  public String fingerprint() {
    return fingerprint;
  }

  /** Whether it was read out of an answer, of which it vouches for the tokens and not the text. */
  public boolean inAnswer() {
    return inAnswer;
  }
}
