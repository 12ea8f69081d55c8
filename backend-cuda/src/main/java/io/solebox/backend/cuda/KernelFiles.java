package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Target;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where the code of a module comes from: the built-in PTX, or what {@link Switches} name. */
record KernelFiles(Target target, Switches switches) {
  /**
   * Code as the driver takes it: PTX as text that ends with a zero, or a cubin.
   *
   * @param name for messages
   */
  record Image(String name, byte[] bytes) {}

  /**
   * A file that stands in for the module: MODULE.cubin or MODULE.ptx, in a folder by target or not.
   */
  Optional<Image> replacement(String module) {
    return switches
        .kernels()
        .flatMap(
            folder ->
                List.of(folder.resolve(target.directory()), folder).stream()
                    .flatMap(
                        f ->
                            List.of(f.resolve(module + ".cubin"), f.resolve(module + ".ptx"))
                                .stream())
                    .filter(Files::isRegularFile)
                    .findFirst())
        .map(this::read);
  }

  /** The built-in PTX, named by its file, which may be that of an earlier target. */
  Image ptx(String module) {
    return target.directories().stream()
        .map(folder -> folder + "/" + module + ".ptx")
        .flatMap(name -> resource("ptx/" + name).map(text -> image(name, text)).stream())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no PTX of " + module));
  }

  private Image image(String name, String text) {
    String own = target.specialize(text);
    return new Image(name, terminated(switches.prefetch() ? own : withoutPrefetch(own)));
  }

  private static Optional<String> resource(String name) {
    try (InputStream in = KernelFiles.class.getResourceAsStream(name)) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Code that needs no compiler, where there is some for exactly this GPU. */
  Optional<Image> cubin(String module, int computeCapability) {
    return switches
        .cubins()
        .filter(_ -> computeCapability == target.computeCapability())
        .map(folder -> folder.resolve(target.directory()).resolve(module + ".cubin"))
        .filter(Files::isRegularFile)
        .map(this::read);
  }

  private Image read(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      boolean isText = file.toString().endsWith(".ptx");
      return new Image(
          file.toString(),
          isText
              ? terminated(target.specialize(new String(bytes, StandardCharsets.US_ASCII)))
              : bytes);
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "The kernels in this file cannot be read: " + e.getMessage(),
          "Make it readable, or leave -Dsolebox.cuda.kernels and -Dsolebox.cuda.cubins out.",
          e);
    }
  }

  private static byte[] terminated(String text) {
    return (text + "\0").getBytes(StandardCharsets.US_ASCII);
  }

  private static String withoutPrefetch(String ptx) {
    return ptx.replaceAll("(?m)^\\s*(@!?%p\\d+ )?prefetch\\.global\\.L2 [^;]*;$", "");
  }
}
