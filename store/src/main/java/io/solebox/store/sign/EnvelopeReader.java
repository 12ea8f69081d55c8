package io.solebox.store.sign;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.store.blob.Digest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads envelopes: a field that nobody would heed refuses them, unless it is empty. */
final class EnvelopeReader {
  /** Ten thousands of files, or a long catalogue. */
  private static final int MOST_BYTES = 32 << 20;

  private static final JsonReader READER =
      new JsonReader(new JsonLimits(MOST_BYTES, 10, MOST_BYTES, 100));

  private final String place;

  EnvelopeReader(String place) {
    this.place = place;
  }

  Envelope read(byte[] utf8) {
    try {
      Map<?, ?> fields = READER.readObject(utf8);
      requireKnown(fields, Set.of("mediaType", "verificationMaterial", "dsseEnvelope"));
      if (!Envelope.MEDIA_TYPE.equals(fields.get("mediaType"))) {
        throw refusal("its media type is not " + Envelope.MEDIA_TYPE);
      }
      Map<?, ?> material = object(fields, "verificationMaterial");
      requireKnown(material, Set.of("publicKey", "tlogEntries"));
      if (!List.of().equals(material.get("tlogEntries")) && material.get("tlogEntries") != null) {
        throw refusal("it refers to a transparency log");
      }
      Map<?, ?> key = object(material, "publicKey");
      requireKnown(key, Set.of("hint"));
      String hint = text(key, "hint");
      if (Digest.ofHex(hint).isEmpty()) {
        throw refusal("its hint names no key");
      }
      return envelope(object(fields, "dsseEnvelope"), hint);
    } catch (JsonException e) {
      throw refusal(e.getMessage());
    }
  }

  private Envelope envelope(Map<?, ?> fields, String hint) {
    requireKnown(fields, Set.of("payload", "payloadType", "signatures"));
    if (!(fields.get("signatures") instanceof List<?> all)
        || all.size() != 1
        || !(all.getFirst() instanceof Map<?, ?> signature)) {
      throw refusal("it has not exactly one signature");
    }
    requireKnown(signature, Set.of("sig", "keyid"));
    return new Envelope(
        text(fields, "payloadType"), base64(fields, "payload"), base64(signature, "sig"), hint);
  }

  private Map<?, ?> object(Map<?, ?> fields, String name) {
    if (fields.get(name) instanceof Map<?, ?> object) {
      return object;
    }
    throw refusal("'" + name + "' is no object");
  }

  private String text(Map<?, ?> fields, String name) {
    if (fields.get(name) instanceof String text) {
      return text;
    }
    throw refusal("'" + name + "' is no string");
  }

  private byte[] base64(Map<?, ?> fields, String name) {
    try {
      return Base64.getDecoder().decode(text(fields, name));
    } catch (IllegalArgumentException e) {
      throw refusal("'" + name + "' is no base64");
    }
  }

  private void requireKnown(Map<?, ?> fields, Set<String> known) {
    fields.forEach(
        (name, value) -> {
          if (!known.contains(name) && value != null) {
            throw refusal(
                "it has '" + Printable.name((String) name) + "', which this version does not know");
          }
        });
  }

  private SoleboxException refusal(String what) {
    return new SoleboxException(
        ErrorCode.UNTRUSTED,
        place,
        "this is no signature of a key: " + what,
        "Let it be signed with a key of 'solebox keys make', or 'model_signing sign key'.");
  }
}
