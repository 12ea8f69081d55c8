package io.solebox.store.catalogue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.pull.name.PullName;
import io.solebox.store.pull.name.Quantization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Models that people run, chosen by whoever made the catalogue. It names repositories and promises
 * nothing of them: digests are asked of the source when a model is pulled.
 *
 * @param version greater than those of all catalogues before it
 * @param models with names that differ
 */
public record Catalogue(int version, LocalDate date, List<CatalogueModel> models) {
  /** What a name begins with that can only be the catalogue's. */
  public static final String PREFIX = "catalogue:";

  private static final int SUGGESTIONS = 5;

  public Catalogue {
    models = List.copyOf(models);
  }

  /** The one that this version of Solebox brings along. */
  public static Catalogue ofDistribution() {
    try (InputStream in = Catalogue.class.getResourceAsStream("catalogue.json")) {
      return CatalogueReader.read(in.readAllBytes(), "catalogue.json of this distribution");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A model that somebody named.
   *
   * @param choice the quantization, where one was named too
   */
  public record Pick(CatalogueModel model, Optional<String> choice) {
    public PullName.Hub pullName() {
      return model.pullName(choice);
    }
  }

  /** Whether a catalogue could have a model that is written so. */
  public static boolean mayName(String text) {
    return text.startsWith(PREFIX) || !text.contains("/");
  }

  /**
   * The model that a name means: {@code catalogue:NAME}, or {@code NAME} alone, and either with
   * {@code :QUANTIZATION} behind it. With another tag behind it a name is Ollama's, as ever.
   *
   * @return empty where it means something else
   * @throws SoleboxException {@code MODEL_NOT_FOUND} where it can only be the catalogue's and is
   *     not there, with names like it
   */
  public Optional<Pick> find(String text) {
    boolean isOurs = text.startsWith(PREFIX);
    String name = isOurs ? text.substring(PREFIX.length()) : text;
    int colon = name.indexOf(':');
    Optional<String> choice = colon < 0 ? Optional.empty() : Optional.of(name.substring(colon + 1));
    String bare = colon < 0 ? name : name.substring(0, colon);
    boolean isTagged = choice.isPresent() && choice.flatMap(Quantization::parse).isEmpty();
    Optional<CatalogueModel> model =
        models.stream()
            .filter(m -> m.name().equalsIgnoreCase(bare) && (isOurs || !isTagged))
            .findFirst();
    if (isOurs && model.isEmpty()) {
      throw new SoleboxException(
          ErrorCode.MODEL_NOT_FOUND,
          Printable.name(text),
          "the catalogue has no such model",
          "Names like it: "
              + String.join(", ", like(bare))
              + ". 'solebox models search' shows all.");
    }
    return model.map(m -> new Pick(m, choice));
  }

  private List<String> like(String name) {
    return models.stream()
        .map(CatalogueModel::name)
        .sorted(Comparator.comparingInt((String n) -> -sharedStart(n, name)))
        .limit(SUGGESTIONS)
        .toList();
  }

  private static int sharedStart(String a, String b) {
    String lower = b.toLowerCase(Locale.ROOT);
    int shared = 0;
    while (shared < Math.min(a.length(), b.length()) && a.charAt(shared) == lower.charAt(shared)) {
      shared++;
    }
    return shared;
  }
}
