package io.solebox.store.bundle;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Disk;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.layout.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/** The distribution of Solebox as a manifest, and a manifest as a folder again. */
public final class RuntimeFolder {
  private static final String MEDIA_TYPE = "application/vnd.solebox.runtime.file.v1";
  private static final String EMPTY_CONFIG = "application/vnd.oci.empty.v1+json";
  private static final String EXECUTABLE = "io.solebox.executable";
  private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.US_ASCII);

  private RuntimeFolder() {}

  /**
   * The files of a folder, as something to bring.
   *
   * @param left names of files that only the machine on which they were made needs
   * @param launcher becomes the file {@code solebox}, which can be executed
   * @param annotations of the manifest
   * @throws SoleboxException {@code INVALID_PARAMETER} for links and the like; {@code IO_ERROR}
   */
  public static BundleMaker.Content read(
      Path folder, Set<String> left, byte[] launcher, Map<String, String> annotations) {
    Map<Digest, BlobSource> sources = new HashMap<>();
    List<Descriptor> layers = new ArrayList<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.sorted().toList()) {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
            || left.contains(file.getFileName().toString())) {
          continue;
        }
        requireFile(file);
        Digest digest = Digest.of(file, _ -> {});
        sources.put(digest, new BlobSource.InFile(file));
        String title = folder.relativize(file).toString();
        layers.add(layer(title, digest, Files.size(file), Files.isExecutable(file)));
      }
    } catch (UncheckedIOException e) {
      throw StoreFailure.of(folder, e.getCause());
    } catch (IOException e) {
      throw StoreFailure.of(folder, e);
    }
    sources.put(Digest.of(launcher), new BlobSource.AtHand(launcher));
    layers.add(layer("solebox", Digest.of(launcher), launcher.length, true));
    sources.put(Digest.of(EMPTY), new BlobSource.AtHand(EMPTY));
    var config = new Descriptor(EMPTY_CONFIG, Digest.of(EMPTY), EMPTY.length);
    return new BundleMaker.Content(
        new BundleItem.Runtime(new Manifest(config, layers, annotations)), sources);
  }

  private static void requireFile(Path file) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          file.toString(),
          "this is neither a file nor a folder, and a bundle brings nothing else",
          "Put the file itself there.");
    }
  }

  private static Descriptor layer(String title, Digest digest, long size, boolean executable) {
    Map<String, String> annotations = new HashMap<>();
    annotations.put(Descriptor.TITLE, title);
    if (executable) {
      annotations.put(EXECUTABLE, "true");
    }
    return new Descriptor(MEDIA_TYPE, digest, size, annotations);
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} where there is something already, or no
   *     folder for it
   */
  static void requireNew(Path folder) {
    Path above = folder.toAbsolutePath().normalize().getParent();
    boolean isThere = Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
    if (isThere || above == null || !Files.isDirectory(above)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          folder.toString(),
          isThere ? "there is something of this name" : "there is no folder for this one",
          "Name a new folder in one that is there; nothing is ever replaced.");
    }
  }

  /**
   * @throws SoleboxException {@code BAD_BUNDLE} for files without names, or with a file in the
   *     place of a folder
   */
  static void requireWritable(Manifest manifest, String place) {
    Set<String> titles = new TreeSet<>();
    for (Descriptor layer : manifest.layers()) {
      titles.add(
          layer
              .title()
              .orElseThrow(
                  () -> BundleFault.damaged(place, "its runtime has files without names")));
    }
    for (String title : titles) {
      for (int slash = title.indexOf('/'); slash >= 0; slash = title.indexOf('/', slash + 1)) {
        if (titles.contains(title.substring(0, slash))) {
          throw BundleFault.damaged(place, "its runtime has a file and a folder of one name");
        }
      }
    }
  }

  /**
   * Makes the folder, whole or not at all.
   *
   * @param source of each file
   */
  static void write(Manifest manifest, Function<Digest, Path> source, Path folder)
      throws IOException {
    Path whole = folder.toAbsolutePath().normalize();
    Path fresh = whole.resolveSibling(whole.getFileName() + ".part");
    Disk.SYSTEM.deleteTree(fresh); // of a try that broke off
    for (Descriptor layer : manifest.layers()) {
      Path file = fresh.resolve(layer.title().orElseThrow());
      Files.createDirectories(file.getParent());
      Files.copy(source.apply(layer.digest()), file);
      boolean executable = layer.annotations().containsKey(EXECUTABLE);
      Files.setPosixFilePermissions(
          file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
      Disk.SYSTEM.force(file);
    }
    Disk.SYSTEM.move(fresh, whole);
    Disk.SYSTEM.forceFolder(whole.getParent());
  }
}
