package io.solebox.scout.source.ebay;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.scout.watch.Watch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What stands for sellers: a hash of their name with a key that never leaves this machine. It tells
 * that two things are of one seller, and nobody else what seller that is.
 */
public final class SellerKeys {
  /** Of the key, in the folder of the scout's state. */
  public static final String FILE = "seller.key";

  private static final int KEY_BYTES = 32;
  private static final int SHOWN_BYTES = 16;
  private static final Pattern KEY = Pattern.compile("ebay:[0-9a-f]{32}");

  private final byte[] key;

  private SellerKeys(byte[] key) {
    this.key = key;
  }

  /**
   * With the key of a folder; it is made where it is missing, for its owner alone.
   *
   * @throws SoleboxException {@code IO_ERROR}
   */
  public static SellerKeys in(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      byte[] key = read(file);
      if (key.length != KEY_BYTES) {
        throw new SoleboxException(
            ErrorCode.IO_ERROR,
            file.toString(),
            "The key by which sellers are told apart is damaged.",
            "Move the file away: a new one is made, and sellers that were seen before look new.");
      }
      return new SellerKeys(key);
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "The key by which sellers are told apart cannot be read or made: " + e.getMessage() + ".",
          "See that the folder can be written by who runs the scout.",
          e);
    }
  }

  private static byte[] read(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      // It is whole or not there: a process that ends between leaves a file of another name.
      byte[] key = new byte[KEY_BYTES];
      new SecureRandom().nextBytes(key);
      Path next = file.resolveSibling(FILE + "." + ProcessHandle.current().pid());
      Files.deleteIfExists(next);
      var rights =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
      var options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      try (var out = Files.newByteChannel(next, options, rights)) {
        out.write(ByteBuffer.wrap(key));
      }
      try {
        Files.createLink(file, next); // unlike a move, it replaces none that another has made
      } catch (FileAlreadyExistsException made) {
        key = Files.readAllBytes(file);
      }
      Files.delete(next);
      return key;
    }
  }

  /** Of a name or an unchanging id, whatever its case. */
  public String of(String seller) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      byte[] hash = mac.doFinal(seller.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
      return "ebay:" + HexFormat.of().formatHex(hash, 0, SHOWN_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** The watch with the keys of those whom it blocks by name, beside their names. */
  public Watch with(Watch watch) {
    Set<String> blocked = new HashSet<>(watch.blockedSellers());
    watch.blockedSellers().stream()
        .filter(name -> !isKey(name))
        .map(this::of)
        .forEach(blocked::add);
    return watch.blocking(blocked);
  }

  static boolean isKey(String seller) {
    return KEY.matcher(seller).matches();
  }
}
