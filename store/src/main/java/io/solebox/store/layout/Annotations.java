package io.solebox.store.layout;

/** Names of what a manifest says of its model: the OCI's where it has one, else our own. */
public final class Annotations {
  /** An address where it was fetched, without secrets. */
  public static final String SOURCE = "org.opencontainers.image.source";

  /** The commit, or the digest of a manifest there. */
  public static final String REVISION = "org.opencontainers.image.revision";

  /** As an SPDX expression, or as the source says it. */
  public static final String LICENSES = "org.opencontainers.image.licenses";

  /** The digest of the terms that somebody accepted for it. */
  public static final String ACCEPTED_TERMS = "io.solebox.accepted-terms";

  /** What these terms are called, and where they can be read. */
  public static final String ACCEPTED_TERMS_PLACE = "io.solebox.accepted-terms-place";

  /** When that was: ISO 8601, UTC. */
  public static final String ACCEPTED_TERMS_AT = "io.solebox.accepted-terms-at";

  /** As {@code Q4_K_M}. */
  public static final String QUANTIZATION = "io.solebox.quantization";

  /** As in GGUF, {@code llama}. */
  public static final String ARCHITECTURE = "io.solebox.architecture";

  /** How many weights. */
  public static final String PARAMETERS = "io.solebox.parameters";

  /** In tokens. */
  public static final String TRAINED_CONTEXT = "io.solebox.trained-context";

  /** Why this file of several, where nobody named one. */
  public static final String CHOSEN_BECAUSE = "io.solebox.chosen-because";

  /** The model that was to be made of it; it leaves when that is done. */
  public static final String FETCHED_FOR = "io.solebox.fetched-for";

  /** The path of an imported file, as it was then. */
  public static final String IMPORTED_FROM = "io.solebox.imported-from";

  /** The program that kept an adopted model. */
  public static final String ADOPTED_FROM = "io.solebox.adopted-from";

  /** What a command made the model of: as in {@link MadeFrom}, or the path of a file. */
  public static final String MADE_FROM = "io.solebox.made-from";

  /** What the command did, as in {@code quantize Q4_K_M}. */
  public static final String MADE_BY = "io.solebox.made-by";

  private Annotations() {}
}
