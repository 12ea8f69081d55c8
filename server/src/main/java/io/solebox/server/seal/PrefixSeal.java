package io.solebox.server.seal;

import io.solebox.engine.spill.FileSeal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Seals saved prefixes as {@link Pieces} has it, with a key of this box that is nobody's: the
 * prefix cache knows no owners. The key is held, since models save when the database is closed
 * already.
 */
final class PrefixSeal implements FileSeal {
  private static final int SEALED_PIECE = Pieces.BYTES + SecretKey.TAG_BYTES;
  private static final int HEAD = 1 + Pieces.SALT_BYTES;

  private final SecretKey key;
  private final String mark;
  private final String secret;

  PrefixSeal(SecretKey key) {
    this.key = key;
    this.mark = word("mark");
    this.secret = word("secret");
  }

  /** Tells nothing of the key, nor of what another word gives. */
  private String word(String purpose) {
    byte[] bytes = ("solebox prefixes " + purpose).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(key.derived(new byte[0], bytes).bytes());
  }

  @Override
  public String mark() {
    return mark;
  }

  @Override
  public String secret() {
    return secret;
  }

  @Override
  public long sealedBytes(long bytes) {
    return HEAD + bytes + SecretKey.TAG_BYTES * Math.max(1, Math.ceilDiv(bytes, Pieces.BYTES));
  }

  @Override
  public long openBytes(long sealed) {
    long pieces = sealed - HEAD;
    return pieces - SecretKey.TAG_BYTES * Math.ceilDiv(pieces, SEALED_PIECE);
  }

  @Override
  public OutputStream write(Path file, String name) throws IOException {
    return new SealedOutput(file, key, name);
  }

  @Override
  public InputStream read(Path file, String name) throws IOException {
    return new SealedInput(file, key, name);
  }

  @Override
  public String toString() {
    return "sealed with a key of the box";
  }
}
