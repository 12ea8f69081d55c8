package io.solebox.app.update.file;

import io.solebox.store.blob.StoreFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Reads a section of a unified kernel image (UAPI.5): a program of UEFI whose section {@code
 * .osrel} says which system it starts.
 *
 * <p>systemd-boot puts entries in order by the version that stands there, and only behind that by
 * the names of their files (Boot Loader Specification, "Sorting"). A slot is chosen here by names,
 * so that an older version can be chosen too: images say no version.
 */
final class KernelImage {
  private static final int PE_OFFSET_AT = 0x3c;
  private static final int COFF_BYTES = 24;
  private static final int SECTION_BYTES = 40;
  private static final int NAME_BYTES = 8;

  /** By which systemd-boot orders, from the first that is there. */
  private static final List<String> VERSIONS =
      List.of("IMAGE_VERSION=", "VERSION=", "VERSION_ID=", "BUILD_ID=");

  private KernelImage() {}

  /**
   * @throws io.solebox.engine.error.SoleboxException {@code BAD_UPDATE} for what is none, or says a
   *     version
   */
  static void requireOrderable(Path file) {
    String place = file.toString();
    String osrel;
    try {
      osrel =
          section(ByteBuffer.wrap(Files.readAllBytes(file)), ".osrel")
              .orElseThrow(() -> strange(place));
    } catch (IOException e) {
      throw StoreFailure.of(file, e);
    } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {
      throw strange(place);
    }
    for (String version : VERSIONS) {
      if (osrel.lines().anyMatch(line -> line.startsWith(version))) {
        throw BadUpdate.because(
            place,
            "its section .osrel has '%s', by which the boot menu would be ordered"
                .formatted(version),
            "Leave it out there (ukify --os-release), so that names of files give the order.");
      }
    }
  }

  private static RuntimeException strange(String place) {
    return BadUpdate.because(
        place, "it is no unified kernel image", "Name what 'ukify build' has made.");
  }

  private static Optional<String> section(ByteBuffer image, String name) {
    image.order(ByteOrder.LITTLE_ENDIAN);
    int coff = image.getInt(PE_OFFSET_AT);
    if (image.getInt(coff) != ('P' | 'E' << 8)) {
      return Optional.empty();
    }
    int sections = Short.toUnsignedInt(image.getShort(coff + 6));
    int table = coff + COFF_BYTES + Short.toUnsignedInt(image.getShort(coff + 20));
    for (int i = 0; i < sections; i++) {
      int at = table + i * SECTION_BYTES;
      byte[] bytes = new byte[NAME_BYTES];
      image.get(at, bytes);
      if (new String(bytes, StandardCharsets.ISO_8859_1).trim().equals(name)) {
        // Of the size in memory, since the one in the file is padded.
        byte[] text = new byte[Math.min(image.getInt(at + 8), image.getInt(at + 16))];
        image.get(image.getInt(at + 20), text);
        return Optional.of(new String(text, StandardCharsets.UTF_8));
      }
    }
    return Optional.empty();
  }
}
