import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Questions that people might ask, and where the answers stand: lines of {@code questions.tsv},
 * each a question, and then one or several times a page and words that stand in the passage.
 */
final class Questions {
  /** Words of a passage that answers. */
  record Answer(String page, String words) {
    boolean isIn(Corpus.Piece piece) {
      return piece.page().equals(page) && plain(piece.chunk().text()).contains(plain(words));
    }
  }

  record Question(String text, List<Answer> answers) {
    boolean isAnsweredBy(Corpus.Piece piece) {
      return answers.stream().anyMatch(answer -> answer.isIn(piece));
    }
  }

  private Questions() {}

  /** White space is what it happens to be where lines end. */
  static String plain(String text) {
    return text.replaceAll("\\s+", " ");
  }

  static List<Question> read(Path root) throws Exception {
    List<Question> questions = new ArrayList<>();
    for (String line : Files.readAllLines(root.resolve("bench/knowledge/questions.tsv"))) {
      String[] cells = line.split("\t");
      List<Answer> answers = new ArrayList<>();
      for (int i = 1; i + 1 < cells.length; i += 2) {
        answers.add(new Answer(cells[i], cells[i + 1]));
      }
      questions.add(new Question(cells[0], List.copyOf(answers)));
    }
    return questions;
  }
}
