import io.solebox.server.documents.Documents;
import io.solebox.server.documents.Section;
import io.solebox.server.knowledge.chunk.Chunk;
import io.solebox.server.knowledge.chunk.Chunker;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The project's own pages, README.md and docs/*.md, as documents of a collection. */
final class Corpus {
  /**
   * A chunk of a page.
   *
   * @param page its path from the root
   * @param embedded what its vector is made of
   */
  record Piece(String page, Chunk chunk, String embedded) {}

  private Corpus() {}

  static List<Path> pages(Path root) throws Exception {
    List<Path> pages = new ArrayList<>(List.of(root.resolve("README.md")));
    try (Stream<Path> docs = Files.list(root.resolve("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  static List<Section> sections(Path page) throws Exception {
    try (InputStream content = Files.newInputStream(page)) {
      return Documents.plainOnly().read(page.getFileName().toString(), content).sections();
    }
  }

  static List<Piece> pieces(Path root, Chunker chunker) throws Exception {
    List<Piece> pieces = new ArrayList<>();
    for (Path page : pages(root)) {
      for (Chunk chunk : chunker.chunks(sections(page))) {
        pieces.add(new Piece(root.relativize(page).toString(), chunk, chunker.embedded(chunk)));
      }
    }
    return pieces;
  }
}
