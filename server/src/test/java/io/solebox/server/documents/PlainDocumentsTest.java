package io.solebox.server.documents;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is text as it lies there, read without the reader's program. */
class PlainDocumentsTest {
  private static final DocumentLimits SMALL =
      new DocumentLimits(
          1000, 1000, 1000, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));

  private static DocumentText read(String name, byte[] content) throws InterruptedException {
    return Documents.plainOnly().read(name, new ByteArrayInputStream(content));
  }

  private static DocumentText read(String name, String content) throws InterruptedException {
    return read(name, content.getBytes(UTF_8));
  }

  private static SoleboxException refusal(String name, byte[] content) {
    var refused = assertThrows(SoleboxException.class, () -> read(name, content), name);
    assertEquals(ErrorCode.BAD_DOCUMENT, refused.code());
    assertEquals(name, refused.place());
    return refused;
  }

  private static String joined(DocumentText text) {
    return text.sections().stream().map(Section::text).collect(Collectors.joining());
  }

  private static List<String> outline(DocumentText text) {
    return text.sections().stream().map(s -> String.join(" > ", s.place().headings())).toList();
  }

  @Test
  void markdownHasItsHeadingsAsPlacesAndItsTextUntouched() throws InterruptedException {
    String markdown =
        """
        ---
        title: front matter is no heading
        ---
        before
        # One #
        text
        ## Two
        - a list
        ---
        ```sh
        # a comment
        ````
        ## Three `code`
        deep

        Old style
        =========
        #no heading
            # code
        ### Leap
        end\
        """;
    DocumentText text = read("notes.md", markdown);
    assertEquals(
        List.of("", "One", "One > Two", "One > Three `code`", "Old style", "Old style > Leap"),
        outline(text));
    assertEquals(markdown, joined(text));
    assertEquals("Old style\n=========\n#no heading\n    # code\n", text.sections().get(4).text());
    assertEquals(List.of(), text.notes());
    assertTrue(text.sections().stream().allMatch(s -> s.place().page().isEmpty()));
  }

  @Test
  void rowsOfTablesCanBeUnderstoodAlone() throws InterruptedException {
    String csv =
        "name;city;\"said \"\"so\"\"\"\r\nAnna;Köln;\r\n\r\n\"Bo; the\nsecond\";;yes;more\r\n";
    DocumentText text = read("people.csv", csv);
    assertEquals(
        "name: Anna\ncity: Köln\n\nname: Bo; the\nsecond\nsaid \"so\": yes\ncolumn 4: more\n",
        joined(text));
    assertEquals(List.of("rows 2-4"), outline(text));
    assertEquals(List.of(), text.notes());
  }

  @Test
  void tablesWithoutNamesSaySoAndLongOnesAreInParts() throws InterruptedException {
    String csv = "7,eight\n".repeat(300);
    DocumentText text = read("numbers.csv", csv);
    assertTrue(joined(text).startsWith("column 1: 7\ncolumn 2: eight\n\ncolumn 1: 7\n"));
    assertTrue(outline(text).getFirst().startsWith("rows 1-"), outline(text)::toString);
    assertTrue(outline(text).getLast().endsWith("-300"), outline(text)::toString);
    assertTrue(text.notes().getFirst().contains("names of columns"), text.notes()::toString);
    assertEquals("column 1: name\ncolumn 2: city\n", joined(read("only.csv", "name,city\n")));
  }

  @Test
  void textIsReadInEveryEncodingThatIsSure() throws InterruptedException {
    String said = "Grüße, 世界 \ud83d\ude00\n";
    assertEquals(said, joined(read("a.txt", said)));
    for (String name : List.of("UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")) {
      DocumentText text = read("a.txt", ("\ufeff" + said).getBytes(Charset.forName(name)));
      assertEquals(said, joined(text), name);
      assertEquals(List.of(), text.notes(), name);
    }
    DocumentText old = read("Main.java", "// Grüße\r\nint a;\r".getBytes(ISO_8859_1));
    assertEquals("// Grüße\nint a;\n", joined(old));
    assertTrue(old.notes().getFirst().contains("Windows-1252"), old.notes()::toString);
  }

  @Test
  void whatIsNoTextIsRefused() {
    var noise = new byte[500];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (byte) (i * 7);
    }
    refusal("noise.txt", noise);
    refusal("half.txt", HexFormat.of().parseHex("fffe610062"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"89504e470d0a1a0a", "ffd8ffe0", "1f8b0800", "7f454c46", "47475546", "52494646"})
  void whatIsSomethingElseIsRefusedByItsBeginning(String hex) {
    refusal("a.txt", HexFormat.of().parseHex(hex));
  }

  @Test
  void withoutItsProgramEverythingElseIsRefusedByName() {
    assertTrue(refusal("a.pdf", "%PDF-1.7".getBytes(UTF_8)).getMessage().startsWith("It is a PDF"));
    refusal("a.txt", "{\\rtf1".getBytes(UTF_8));
    refusal("a.docx", "PK\3\4".getBytes(UTF_8));
    refusal("a.html", "hello".getBytes(UTF_8));
    refusal("a.eml", "hello".getBytes(UTF_8));
    refusal("page", " <!-- --><!-- > --> <!DOCTYPE html>".getBytes(UTF_8));
  }

  @Test
  void contentWinsOverNameAndANoteSaysSo() throws InterruptedException {
    DocumentText text = read("report.pdf", "plain");
    assertEquals("plain", joined(text));
    assertEquals(List.of("Its name says that it is a PDF, but it is a text."), text.notes());
    assertEquals(List.of("There is no text in it."), read("empty.txt", "").notes());
    assertEquals(List.of("There is no text in it."), read("empty.csv", " \n").notes());
  }

  @Test
  void aBeginningOfManyCommentsIsLookedAtInNoTime() throws InterruptedException {
    assertEquals("<!---->", joined(read("page", "<!---->".repeat(200))).substring(0, 7));
  }

  @Test
  void whatIsTooLongIsRefusedBeforeItIsRead() throws InterruptedException {
    Documents documents = Documents.with((_, _) -> new DocumentText(List.of(), List.of()), SMALL);
    for (String name : List.of("a.txt", "a.md", "a.csv")) {
      var endless = new Endless();
      var refused = assertThrows(SoleboxException.class, () -> documents.read(name, endless));
      assertEquals("It has more than 1,000 characters of text.", refused.getMessage());
      assertTrue(endless.read < 10_000, endless.read + " bytes");
    }
    String wide = "n".repeat(400) + ",b\n" + "1,2\n".repeat(3);
    var table = new ByteArrayInputStream(wide.getBytes(UTF_8));
    assertThrows(SoleboxException.class, () -> documents.read("wide.csv", table));
  }

  @Test
  void contentThatCannotBeHadIsNoFaultOfTheDocument() {
    var broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("gone");
          }
        };
    var failed =
        assertThrows(SoleboxException.class, () -> Documents.plainOnly().read("a.txt", broken));
    assertEquals(ErrorCode.IO_ERROR, failed.code());
  }

  /** A text without end. */
  private static final class Endless extends InputStream {
    private long read;

    @Override
    public int read() {
      read++;
      return 'a';
    }
  }
}
