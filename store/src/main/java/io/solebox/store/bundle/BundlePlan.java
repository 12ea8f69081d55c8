package io.solebox.store.bundle;

import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.sign.Statement;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where each file of a bundle lies. All of it follows from what is signed: the same items and the
 * same blobs left out give the same bytes, and every other byte is a mistake.
 *
 * @param entries behind the signature, in their order
 * @param omitted blobs that the items need and the bundle does not bring
 */
record BundlePlan(List<Entry> entries, List<Descriptor> omitted) {
  static final String SIGNATURE = "model.sig";
  static final String LAYOUT = "oci-layout";
  static final String INDEX = "index.json";
  static final byte[] LAYOUT_BYTES =
      "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.US_ASCII);

  private static final long MOST_BYTES = 1L << 56;
  private static final String BLOBS = "blobs/sha256/";

  /**
   * A file of the bundle.
   *
   * @param title for people
   */
  record Entry(TarEntry tar, Digest digest, String title) {
    static Entry of(String name, byte[] content) {
      return new Entry(new TarEntry(name, content.length), Digest.of(content), name);
    }

    static Entry blob(Digest digest, long size, String title) {
      return new Entry(new TarEntry(BLOBS + digest.hex(), size), digest, title);
    }
  }

  BundlePlan {
    entries = List.copyOf(entries);
    omitted = List.copyOf(omitted);
  }

  /**
   * @param without blobs that are left out, though items need them; manifests never are
   * @throws SoleboxException {@code BAD_BUNDLE} where two items give one blob different sizes
   */
  static BundlePlan of(BundleIndex index, Set<Digest> without, String place) {
    Map<Digest, Entry> files = new LinkedHashMap<>();
    List<Entry> entries = new ArrayList<>();
    entries.add(Entry.of(LAYOUT, LAYOUT_BYTES));
    entries.add(Entry.of(INDEX, index.bytes()));
    for (BundleItem item : index.items()) {
      byte[] manifest = item.manifest().bytes();
      Digest digest = Digest.of(manifest);
      files.putIfAbsent(
          digest, Entry.blob(digest, manifest.length, "the manifest of " + item.title()));
    }
    Map<Digest, Descriptor> omitted = new LinkedHashMap<>();
    for (BundleItem item : index.items()) {
      for (Descriptor blob : item.manifest().blobs()) {
        if (without.contains(blob.digest()) && !files.containsKey(blob.digest())) {
          omitted.putIfAbsent(blob.digest(), blob);
          continue;
        }
        String title = blob.title().orElse(blob.mediaType()) + " of " + item.title();
        Entry entry = Entry.blob(blob.digest(), blob.size(), title);
        Entry before = files.putIfAbsent(blob.digest(), entry);
        if (before != null && before.tar().size() != blob.size()) {
          throw BundleFault.damaged(place, "a file has two sizes: " + title);
        }
      }
    }
    entries.addAll(files.values());
    requirePossible(entries, place);
    return new BundlePlan(entries, List.copyOf(omitted.values()));
  }

  /** So that no sum of sizes overflows. */
  private static void requirePossible(List<Entry> entries, String place) {
    long bytes = 0;
    for (Entry entry : entries) {
      if (entry.tar().size() > MOST_BYTES - bytes) {
        throw BundleFault.damaged(place, "no disk has room for " + entry.title());
      }
      bytes += entry.tar().size();
    }
  }

  /**
   * The plan of a bundle whose statement says what it brings.
   *
   * @throws SoleboxException {@code BAD_BUNDLE} where that is something else than the index needs
   */
  static BundlePlan of(BundleIndex index, Statement statement, String place) {
    Set<Digest> without = new LinkedHashSet<>();
    for (BundleItem item : index.items()) {
      for (Descriptor blob : item.manifest().blobs()) {
        if (!statement.files().containsKey(BLOBS + blob.digest().hex())) {
          without.add(blob.digest());
        }
      }
    }
    BundlePlan plan = of(index, without, place);
    if (!plan.files().equals(statement.files())) {
      Set<String> others = new LinkedHashSet<>(statement.files().keySet());
      others.removeAll(plan.files().keySet());
      throw BundleFault.damaged(
          place,
          others.isEmpty()
              ? "its signature is not of the files that it lists"
              : "it has files that nothing names: " + Printable.name(others.iterator().next()));
    }
    return plan;
  }

  private SortedMap<String, Digest> files() {
    SortedMap<String, Digest> files = new TreeMap<>();
    entries.forEach(entry -> files.put(entry.tar().name(), entry.digest()));
    return files;
  }

  /** What is to be signed. */
  Statement statement(BundleIndex index) {
    return new Statement("solebox bundle of " + index.made(), files());
  }

  /** How many bytes the bundle takes with a signature of that many. */
  long size(long signatureBytes) {
    return new TarEntry(SIGNATURE, signatureBytes).length()
        + entries.stream().mapToLong(entry -> entry.tar().length()).sum()
        + TarEntry.END_BYTES;
  }

  /** Of all files that it brings. */
  long bytes() {
    return entries.stream().mapToLong(entry -> entry.tar().size()).sum();
  }
}
