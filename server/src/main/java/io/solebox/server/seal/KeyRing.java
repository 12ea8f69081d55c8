package io.solebox.server.seal;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The keys of a box by themselves, for somebody who keeps them apart from backups: the box's as it
 * lies in {@code box.key}, with a passphrase where it has one, and those of its owners, which it
 * wraps.
 *
 * @param box the text of {@code box.key}
 * @param owners by owner; no bytes for one that was destroyed
 */
public record KeyRing(String box, Map<String, byte[]> owners) {
  private static final String FIRST_LINE = "solebox-state-keys 1";
  private static final String OWNER = "owner ";
  private static final String BOX = "box ";

  /**
   * With the key of a folder.
   *
   * @return empty where it has none
   */
  public static Optional<KeyRing> of(Path folder, Map<String, byte[]> owners) {
    return new SecretFile(folder.resolve(BoxSecret.FILE))
        .read()
        .map(text -> new KeyRing(text, owners));
  }

  /**
   * Writes it to a file that nobody else may read, in place of what was there.
   *
   * @throws SoleboxException {@code IO_ERROR}
   */
  public void write(Path file) {
    Base64.Encoder encoder = Base64.getEncoder();
    StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
    text.append(BOX).append(encode(box)).append('\n');
    new TreeMap<>(owners)
        .forEach(
            (owner, wrapped) ->
                text.append(OWNER)
                    .append(encode(owner))
                    .append(' ')
                    .append(encoder.encodeToString(wrapped))
                    .append('\n'));
    new SecretFile(file.toAbsolutePath()).replace(text.toString());
  }

  private static String encode(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String text) {
    return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} if it is none
   */
  public static KeyRing read(Path file) {
    String text = new SecretFile(file.toAbsolutePath()).read().orElseThrow(() -> none(file));
    String box = "";
    Map<String, byte[]> owners = new TreeMap<>();
    try {
      for (String line : text.lines().toList()) {
        String[] words = line.split(" ", -1);
        if (line.startsWith(BOX) && words.length == 2) {
          box = decode(words[1]);
        } else if (line.startsWith(OWNER) && words.length == 3) {
          owners.put(decode(words[1]), Base64.getDecoder().decode(words[2]));
        } else if (!line.equals(FIRST_LINE)) {
          throw none(file);
        }
      }
    } catch (IllegalArgumentException e) {
      throw none(file);
    }
    if (!text.startsWith(FIRST_LINE + "\n") || box.isEmpty()) {
      throw none(file);
    }
    return new KeyRing(box, owners);
  }

  private static SoleboxException none(Path file) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        file.toString(),
        "These are not the keys of a box.",
        "Give the file that 'solebox state backup --keys' has written.");
  }

  /** Whether the key of a folder is this one's. */
  public boolean isOf(Path folder) {
    return new SecretFile(folder.resolve(BoxSecret.FILE)).read().filter(box::equals).isPresent();
  }

  /** Makes its box's key that of a folder. */
  public void install(Path folder) {
    new SecretFile(folder.resolve(BoxSecret.FILE)).replace(box);
  }
}
