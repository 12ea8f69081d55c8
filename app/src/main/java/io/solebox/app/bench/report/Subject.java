package io.solebox.app.bench.report;

import java.util.List;

/**
 * The model that was measured.
 *
 * @param files none for random weights that are no file
 * @param parameters number of weights
 * @param bytesPerToken that decode of one client reads for a token, at the shortest context
 */
public record Subject(
    String name,
    String architecture,
    String format,
    long parameters,
    long bytes,
    int trainedContext,
    double bytesPerToken,
    List<ModelPart> files) {
  public Subject {
    files = List.copyOf(files);
  }

  /**
   * One of its files.
   *
   * @param sha256 64 hexadecimal digits
   */
  public record ModelPart(String name, String sha256) {}

  /** Whether both hold the same bytes; random weights are the same where their shape is. */
  boolean isSame(Subject other) {
    boolean isKnown = !files.isEmpty() && !other.files.isEmpty();
    return isKnown
        ? digests().equals(other.digests())
        : files.isEmpty() == other.files.isEmpty()
            && name.equals(other.name)
            && parameters == other.parameters;
  }

  private List<String> digests() {
    return files.stream().map(ModelPart::sha256).toList();
  }

  /** A name with the beginning of its digest. */
  String shortly() {
    return files.isEmpty()
        ? name + " (random weights)"
        : name + " (sha256 " + files.getFirst().sha256().substring(0, 12) + ")";
  }
}
