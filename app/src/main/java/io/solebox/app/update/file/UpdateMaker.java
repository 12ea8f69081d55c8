package io.solebox.app.update.file;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.sign.SigningKey;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/** Writes updates. */
public final class UpdateMaker {
  private UpdateMaker() {}

  /**
   * What goes into one.
   *
   * @param version as {@link Manifest#version}
   * @param root the image of a file system
   * @param kernel a unified kernel image, which names no slot: it finds its root by what that is
   */
  public record Order(
      String version, Architecture architecture, Instant made, Path root, Path kernel) {}

  /**
   * Writes one; a file that could not be written whole does not stay.
   *
   * @param out where there is nothing yet
   * @throws io.solebox.engine.error.SoleboxException {@code INVALID_PARAMETER} for a version that
   *     is none; {@code BAD_UPDATE} for a kernel that no machine could order; {@code IO_ERROR}
   */
  public static Manifest make(Order order, SigningKey key, Path out, Progress progress) {
    KernelImage.requireOrderable(order.kernel());
    Manifest manifest =
        new Manifest(
            version(order.version()),
            order.architecture(),
            order.made(),
            part(Part.Kind.ROOT, order.root(), progress),
            part(Part.Kind.KERNEL, order.kernel(), progress));
    byte[] envelope = key.sign(UpdateFile.PAYLOAD, manifest.json()).bytes();
    try (var to = FileChannel.open(out, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      try {
        write(to, UpdateFile.MAGIC);
        write(to, envelope);
        write(to, new byte[] {'\n'});
        copy(order.root(), manifest.root(), to);
        copy(order.kernel(), manifest.kernel(), to);
        to.force(true);
      } catch (IOException | RuntimeException e) {
        Files.delete(out);
        throw e;
      }
    } catch (FileAlreadyExistsException e) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          out.toString(),
          "there is such a file already",
          "Give another name, or remove it.",
          e);
    } catch (IOException e) {
      throw StoreFailure.of(out, e);
    }
    return manifest;
  }

  private static Version version(String text) {
    try {
      return Manifest.version(text);
    } catch (IllegalArgumentException e) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "--version",
          "'%s' is no version".formatted(Printable.name(text)),
          "Write one as in 1.2.0.",
          e);
    }
  }

  private static Part part(Part.Kind kind, Path file, Progress progress) {
    try {
      long bytes = Files.size(file);
      if (bytes == 0) {
        throw BadUpdate.because(file.toString(), "it is empty", "Name the image itself.");
      }
      long[] done = {0};
      Digest digest =
          Digest.of(
              file,
              read -> {
                done[0] += read;
                progress.report("reading the " + kind.word(), (double) done[0] / bytes);
              });
      return new Part(kind, bytes, digest);
    } catch (IOException e) {
      throw StoreFailure.of(file, e);
    }
  }

  private static void write(FileChannel to, byte[] bytes) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      to.write(rest);
    }
  }

  private static void copy(Path from, Part part, FileChannel to) throws IOException {
    try (var source = FileChannel.open(from)) {
      long done = 0;
      while (done < part.bytes()) {
        long moved = source.transferTo(done, part.bytes() - done, to);
        if (moved == 0) {
          throw new IOException("it became shorter while it was read");
        }
        done += moved;
      }
    }
  }
}
