package io.solebox.bench.gpu;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Copies jars without their compression, so that the archive around them can be smaller, and
 * without the native libraries of other machines: {@code Store FOLDER JAR...}
 */
public final class Store {
  private Store() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    for (String jar : List.of(arguments).subList(1, arguments.length)) {
      store(Path.of(jar), folder.resolve(Path.of(jar).getFileName()));
    }
  }

  private static void store(Path jar, Path to) throws IOException {
    try (var from = new ZipFile(jar.toFile());
        var out = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(to)))) {
      // Stored as blocks that are as long as what they hold: sizes and sums need not be known
      // before.
      out.setLevel(0);
      for (ZipEntry entry : from.stream().toList()) {
        if (isForeign(entry.getName())) {
          continue;
        }
        out.putNextEntry(new ZipEntry(entry.getName()));
        try (var in = from.getInputStream(entry)) {
          in.transferTo(out);
        }
        out.closeEntry();
      }
    }
  }

  private static boolean isForeign(String name) {
    boolean intel = System.getProperty("os.arch").equals("amd64");
    boolean ours = intel ? name.contains("x86_64") : name.matches(".*(aarch64|arm64).*");
    boolean library = name.matches(".*\\.(so|dll|dylib|jnilib)");
    boolean system = name.matches(".*/(Linux-Musl|Linux-Android|FreeBSD|Mac|Windows)/.*");
    return library && (system || !ours || !name.endsWith(".so"));
  }
}
