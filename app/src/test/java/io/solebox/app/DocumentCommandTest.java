package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.CliRunner.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents as the command shows them; all kinds of them are the reader's tests' matter. */
class DocumentCommandTest {
  @TempDir private Path folder;

  private Result run(String name, byte[] content, String... more) throws IOException {
    Path file = Files.write(folder.resolve(name), content);
    var arguments = new ArrayList<>(List.of("document", file.toString()));
    arguments.addAll(List.of(more));
    return new CliRunner(folder).run(arguments.toArray(String[]::new));
  }

  private Result run(String name, String content, String... more) throws IOException {
    return run(name, content.getBytes(StandardCharsets.UTF_8), more);
  }

  @Test
  void sectionsStandUnderTheirPlacesAndNotesBesideThem() throws IOException {
    Result shown = run("a.md", "before\n# One\ntext\n## Two\nmore\n");
    assertEquals(0, shown.exitCode(), shown::err);
    assertEquals("before\n\nOne\n# One\ntext\n\nOne > Two\n## Two\nmore\n\n", shown.out());
    Result old = run("a.txt", "Grüße".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals("Grüße\n\n", old.out());
    assertTrue(old.err().startsWith("note: It is not in UTF-8"), old::err);
  }

  @Test
  void jsonHasAllOfIt() throws IOException {
    Map<String, Object> read = run("a.csv", "name,age\nAda,36\n", "--json").object();
    assertEquals("a.csv", read.get("name"));
    assertEquals(18L, read.get("characters"));
    assertEquals(
        List.of(Map.of("headings", List.of("row 2"), "text", "name: Ada\nage: 36\n")),
        read.get("sections"));
    assertEquals(List.of(), read.get("notes"));
  }

  @Test
  void whatIsNotReadIsRefused() throws IOException {
    Result picture = run("a.txt", new byte[] {(byte) 0x89, 'P', 'N', 'G'});
    assertEquals(1, picture.exitCode());
    assertTrue(picture.err().contains("a.txt: It is a picture"), picture::err);
    assertTrue(picture.err().contains("[bad_document]"), picture::err);
    Result none = new CliRunner(folder).run("document", folder.resolve("no.md").toString());
    assertEquals(1, none.exitCode());
    assertTrue(none.err().contains("there is no such file"), none::err);
  }
}
