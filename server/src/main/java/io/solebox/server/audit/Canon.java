package io.solebox.server.audit;

import io.solebox.server.http.Digests;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The bytes that are hashed and signed: fields one behind the other, each as its length in bytes (4
 * bytes, big-endian) and its bytes. So no two lists of fields have the same bytes. Texts are UTF-8,
 * numbers are texts in decimal.
 */
final class Canon {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /**
   * @param kind of the thing, with its version
   */
  Canon(String kind) {
    text(kind);
  }

  Canon text(String text) {
    return raw(text.getBytes(StandardCharsets.UTF_8));
  }

  Canon number(long value) {
    return text(Long.toString(value));
  }

  Canon raw(byte[] field) {
    bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(field.length).array());
    bytes.writeBytes(field);
    return this;
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  byte[] sha256() {
    return Digests.sha256().digest(bytes());
  }
}
