package io.solebox.bench.gpu;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Copies jars without their compression, so that the archive around them can be smaller, and
 * without the native libraries of other machines: {@code Store FOLDER JAR...} Of what only a server
 * uses, and no measurement, modules and packages stay, since others require them, and a class of
 * each package, since modules have no empty ones.
 */
public final class Store {
  private static final String OF_SERVERS =
      "(server|bcprov|bcpkix|bcutil|webauthn4j|nimbus-jose-jwt|jetty|sqlite-jdbc)-.*";

  private static final String MODULE = "module-info.class";

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
      boolean hollow = jar.getFileName().toString().matches(OF_SERVERS);
      for (ZipEntry entry : hollow ? descriptors(from) : from.stream().toList()) {
        if (isForeign(entry.getName())) {
          continue;
        }
        // Without a manifest no version of Java has files of its own.
        boolean module = hollow && entry.getName().endsWith(MODULE);
        out.putNextEntry(new ZipEntry(module ? MODULE : entry.getName()));
        try (var in = from.getInputStream(entry)) {
          in.transferTo(out);
        }
        out.closeEntry();
      }
    }
  }

  /** The descriptor of a module, and of each of its packages the smallest class. */
  private static Collection<ZipEntry> descriptors(ZipFile jar) {
    Map<String, ZipEntry> kept = new TreeMap<>();
    for (ZipEntry entry : jar.stream().toList()) {
      String name = entry.getName();
      if (name.endsWith(MODULE)) {
        kept.put(MODULE, entry);
      } else if (name.endsWith(".class") && !name.startsWith("META-INF/")) {
        String folder = name.substring(0, name.lastIndexOf('/') + 1);
        kept.merge(folder, entry, (a, b) -> a.getSize() <= b.getSize() ? a : b);
      }
    }
    return kept.values();
  }

  private static boolean isForeign(String name) {
    boolean intel = System.getProperty("os.arch").equals("amd64");
    boolean ours = intel ? name.contains("x86_64") : name.matches(".*(aarch64|arm64).*");
    boolean library = name.matches(".*\\.(so|dll|dylib|jnilib)");
    boolean system = name.matches(".*/(Linux-Musl|Linux-Android|FreeBSD|Mac|Windows)/.*");
    return library && (system || !ours || !name.endsWith(".so"));
  }
}
