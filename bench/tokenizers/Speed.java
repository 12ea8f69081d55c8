import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes on one thread: {@code Speed TOKENIZER SECONDS DOCUMENT_BYTES TEXT...}. Prints a line per
 * text: MB/s (of UTF-8) of the best pass within the seconds, and the number of tokens.
 */
final class Speed {
  private Speed() {}

  public static void main(String[] arguments) throws IOException {
    Tokenizer tokenizer = Tokenizers.of(Path.of(arguments[0]));
    double seconds = Double.parseDouble(arguments[1]);
    int documentBytes = Integer.parseInt(arguments[2]);
    for (int i = 3; i < arguments.length; i++) {
      String text = Files.readString(Path.of(arguments[i]));
      List<String> documents = documents(text, documentBytes);
      double bytes = Files.size(Path.of(arguments[i]));
      long tokens = 0;
      double best = 0;
      long end = System.nanoTime() + (long) (seconds * 1e9);
      do {
        long start = System.nanoTime();
        tokens = 0;
        for (String document : documents) {
          tokens += tokenizer.encode(document, Tokenizer.Specials.PARSE, false).length;
        }
        best = Math.max(best, bytes / 1e6 / ((System.nanoTime() - start) / 1e9));
      } while (System.nanoTime() < end);
      System.out.println(best + " " + tokens);
    }
  }

  /** Cut at ends of lines, each of about so many characters. */
  private static List<String> documents(String text, int size) {
    List<String> documents = new ArrayList<>();
    for (int from = 0; from < text.length(); ) {
      int line = from + size < text.length() ? text.indexOf('\n', from + size) : -1;
      int to = line < 0 ? text.length() : line + 1;
      documents.add(text.substring(from, to));
      from = to;
    }
    return documents;
  }
}
