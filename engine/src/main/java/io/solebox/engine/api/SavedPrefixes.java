package io.solebox.engine.api;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.adapter.AdapterOptions;
import io.solebox.engine.spill.PrefixFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Opens where a model's prefixes outlive the process. Whatever could change a bit of what a plan
 * keeps is in an identity that must be exactly the same.
 */
final class SavedPrefixes {
  /** Parts of a file that are read, spread evenly over it: other weights differ everywhere. */
  private static final int SAMPLES = 256;

  private static final int SAMPLE_BYTES = 4096;

  private final Path model;
  private final LoadOptions options;

  /**
   * @param model the file or folder
   */
  SavedPrefixes(Path model, LoadOptions options) {
    this.model = model;
    this.options = options;
  }

  /**
   * Opens the model's folder.
   *
   * @return empty where another process or load has it
   * @throws SoleboxException {@code IO_ERROR} where it cannot be used
   */
  Optional<PrefixFolder> open(SaveOptions save, Reserved reserved) {
    String name =
        model.getFileName() + "-" + hash(model.toAbsolutePath().toString()).substring(0, 16);
    return PrefixFolder.open(
        save.folder().resolve(name), identity(reserved), save.seal(), save.bytes());
  }

  private String identity(Reserved reserved) {
    var text = new StringBuilder();
    text.append("numerics ").append(Ingredients.NUMERICS).append('\n');
    text.append("version ").append(version()).append('\n');
    text.append("context ").append(reserved.limits().maxSequenceTokens()).append('\n');
    text.append("cache ").append(options.kvType()).append('\n');
    text.append("activations ").append(options.activations()).append('\n');
    for (Placement.Stage stage : reserved.placement().stages()) {
      text.append("on ").append(stage.device().backend().describe()).append('\n');
      text.append("keeps ").append(stage.graph().keeps()).append('\n');
    }
    SourceFile.filesOf(model)
        .forEach(file -> text.append("file ").append(stamp(file)).append('\n'));
    for (AdapterOptions adapter : options.adapters()) {
      text.append("adapter ").append(adapter.scale()).append('\n');
      SourceFile.filesOf(adapter.path())
          .forEach(file -> text.append("file ").append(stamp(file)).append('\n'));
    }
    return text.toString();
  }

  private static String version() {
    var descriptor = SavedPrefixes.class.getModule().getDescriptor();
    return descriptor == null ? "" : descriptor.rawVersion().orElse("");
  }

  /** Size, time of the last change, and a digest of samples. */
  private static String stamp(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MessageDigest digest = sha256();
      long size = channel.size();
      var sample = ByteBuffer.allocate(SAMPLE_BYTES);
      for (int i = 0; i < SAMPLES; i++) {
        sample.clear();
        long last = Math.max(0, size - SAMPLE_BYTES);
        channel.read(sample, Math.round((double) last * i / (SAMPLES - 1)));
        digest.update(sample.flip());
      }
      return "%s %d %s %s"
          .formatted(
              file.getFileName(),
              size,
              Files.getLastModifiedTime(file),
              HexFormat.of().formatHex(digest.digest()));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static String hash(String text) {
    return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static SoleboxException unreadable(Path path, IOException e) {
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        path.toString(),
        "The file cannot be read (%s).".formatted(e),
        "Check its permissions, or leave out --kv-save.",
        e);
  }
}
