package io.solebox.server.knowledge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Holds the questions by which search is judged ({@code bench/knowledge}) to the pages: where a
 * page changes, its questions do.
 */
class QuestionsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static String plain(String text) {
    return text.replaceAll("\\s+", " ");
  }

  @Test
  void thePassagesThatAnswerAreThere() throws IOException {
    List<String> wrong = new ArrayList<>();
    Set<String> questions = new HashSet<>();
    for (String line : Files.readAllLines(ROOT.resolve("bench/knowledge/questions.tsv"))) {
      String[] cells = line.split("\t", -1);
      if (cells.length < 3 || cells.length % 2 == 0 || !questions.add(cells[0])) {
        wrong.add("not a question of its own with pages and words: " + line);
        continue;
      }
      for (int i = 1; i < cells.length; i += 2) {
        if (!plain(Files.readString(ROOT.resolve(cells[i]))).contains(plain(cells[i + 1]))) {
          wrong.add(cells[0] + ": " + cells[i] + " has no more: " + cells[i + 1]);
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertEquals(200, questions.size());
  }
}
