package io.solebox.server.knowledge.chunk;

import io.solebox.server.documents.Place;
import io.solebox.server.documents.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Cuts documents into chunks for an embedding model, where paragraphs, lines, sentences or words
 * end, whatever is best near the length that is wished. No chunk goes over the border of a section;
 * all that is no white space is in one. The same text gives the same chunks. For one thread.
 */
public final class Chunker {
  private static final String BETWEEN_HEADINGS = " > ";

  /** Of the context, what headings may take at most. */
  private static final int HEADINGS_SHARE = 4;

  private final ChunkSizes sizes;
  private final TokenCounts counts;

  /**
   * @param tokens counts the tokens of a text as the model is given it, with what it adds to each
   */
  public Chunker(ChunkSizes sizes, ToIntFunction<String> tokens) {
    this.sizes = sizes;
    this.counts = new TokenCounts(tokens);
  }

  /** The chunks of a document, in its order. */
  public List<Chunk> chunks(List<Section> sections) {
    List<Chunk> chunks = new ArrayList<>();
    for (int s = 0; s < sections.size(); s++) {
      Section section = sections.get(s);
      int most = most(section.place());
      Cuts cuts = new Cuts(section.text(), counts, most, Math.min(sizes.overlapTokens(), most / 2));
      for (Cuts.Cut cut : cuts.all()) {
        String text = section.text().substring(cut.from(), cut.to());
        chunks.add(new Chunk(chunks.size(), section.place(), s, cut.from(), cut.to(), text));
      }
    }
    return List.copyOf(chunks);
  }

  /** What is embedded of a chunk: the headings that it stands under, and its text. */
  public String embedded(Chunk chunk) {
    return headings(chunk.place()) + chunk.text();
  }

  private int most(Place place) {
    String headings = headings(place);
    int taken = headings.isEmpty() ? 0 : counts.exactly(headings);
    return Math.min(sizes.maxTokens(), sizes.contextTokens() - taken);
  }

  /** As many as there is room for, the innermost first to stay; with the end of their line. */
  private String headings(Place place) {
    List<String> all = place.headings();
    for (int first = 0; first < all.size(); first++) {
      String line = String.join(BETWEEN_HEADINGS, all.subList(first, all.size())) + "\n";
      if (fits(line)) {
        return line;
      }
    }
    return "";
  }

  private boolean fits(String line) {
    int most = sizes.contextTokens() / HEADINGS_SHARE;
    // What has so many characters is not worth counting.
    return line.length() <= most * Atoms.MOST_CHARS && counts.exactly(line) <= most;
  }
}
