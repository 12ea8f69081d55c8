package io.solebox.reader;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.documents.DocumentLimits;
import io.solebox.server.documents.DocumentText;
import io.solebox.server.documents.Documents;
import io.solebox.server.documents.Place;
import io.solebox.server.documents.ReaderProcess;
import io.solebox.server.documents.Section;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The program as a server runs it, in one process where none of the documents ends it. */
@Timeout(120)
class ReaderProgramTest {
  private static final DocumentLimits LIMITS =
      new DocumentLimits(
          20_000_000,
          50_000,
          96 << 20,
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30));

  private static ReaderProcess program;
  private static Documents documents;

  @BeforeAll
  static void start() {
    program = ReaderProcess.of(System.getProperty("java.class.path"), LIMITS);
    documents = Documents.with(program, LIMITS);
  }

  @AfterAll
  static void end() {
    program.close();
  }

  private static DocumentText read(String name, byte[] content) throws InterruptedException {
    return documents.read(name, new ByteArrayInputStream(content));
  }

  private static void assertRefused(String message, String name, byte[] content) {
    var refused = assertThrows(SoleboxException.class, () -> read(name, content), message);
    assertEquals(ErrorCode.BAD_DOCUMENT, refused.code(), refused::describe);
    assertTrue(refused.getMessage().contains(message), refused::describe);
    assertEquals(name, refused.place());
  }

  private static String joined(DocumentText text) {
    return text.sections().stream().map(Section::text).collect(Collectors.joining());
  }

  @Test
  void documentsComeBackAsSections() throws InterruptedException, IOException {
    DocumentText pdf = read("Ä.pdf", Made.saved(Made.pdf(List.of("Hello", "", "again"))));
    assertEquals(
        List.of(new Section(Place.page(1), "Hello\n"), new Section(Place.page(3), "again\n")),
        pdf.sections());
    assertTrue(pdf.notes().getFirst().startsWith("1 of 3 pages have no text"), pdf::toString);
    DocumentText word = read("notes.pdf", Made.docx(paragraph("Grüße 世界 \ud83d\ude00"), Map.of()));
    assertEquals("Grüße 世界 \ud83d\ude00\n", joined(word));
    assertEquals(OptionalInt.empty(), word.sections().getFirst().place().page());
    assertEquals(
        List.of("Its name says that it is a PDF, but it is a Word document (DOCX)."), word.notes());
    String long1 = "x".repeat(40_000);
    assertEquals(long1 + "\n", joined(read("a.html", ("<p>" + long1).getBytes(UTF_8))));
    assertEquals(List.of("There is no text in it."), read("a.html", new byte[0]).notes());
  }

  private static String paragraph(String text) {
    return "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>";
  }

  @Test
  void damagedDocumentsSayWhatTheyClaimedToBe() throws IOException {
    byte[] pdf = Made.saved(Made.pdf(List.of("Hello")));
    assertRefused("it is a PDF, but", "cut.pdf", "%PDF-1.7\n1 0 obj\n<<".getBytes(UTF_8));
    assertRefused("it is a PDF, but", "noise.pdf", noise(pdf));
    byte[] word = Made.docx(paragraph("x"), Map.of());
    assertRefused("damaged or cut short", "cut.docx", Arrays.copyOf(word, word.length / 2));
    assertRefused(
        "it is a Word document, but", "bad.docx", Made.docx("<w:p><w:r></w:p>", Map.of()));
    assertRefused("it is an RTF text, but", "a.rtf", "{\\rtf1 {x".getBytes(UTF_8));
    assertRefused("archive (ZIP)", "a.zip", Made.zip(Map.of("readme.txt", "x")));
  }

  /** Of the file only its beginning is left as it was. */
  private static byte[] noise(byte[] file) {
    byte[] noise = file.clone();
    for (int i = 20; i < noise.length; i++) {
      noise[i] = (byte) (i * 31);
    }
    return noise;
  }

  @Test
  void pagesThatLeadToThemselvesEnd() {
    String pdf =
        """
        %PDF-1.4
        1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
        2 0 obj <</Type/Pages/Count 1000000000/Kids[2 0 R 2 0 R 3 0 R]>> endobj
        3 0 obj <</Type/Pages/Count 5/Parent 2 0 R/Kids[2 0 R]>> endobj
        trailer <</Root 1 0 R>>
        """;
    assertRefused("it is a PDF, but", "endless.pdf", pdf.getBytes(UTF_8));
  }

  @Test
  void theProgramEndsWithWhoStartedIt() throws IOException, InterruptedException {
    String virtualMachine = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process orphan =
        new ProcessBuilder(
                virtualMachine,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "9",
                "9",
                "99")
            .start();
    try (OutputStream out = orphan.getOutputStream()) {
      out.write(new byte[] {'D', 0, 0, 0, 1, 'a', 'B', 0, 0});
    }
    assertEquals(Main.ABANDONED, orphan.waitFor());
  }

  @Test
  void entitiesAreNotFollowed() throws IOException, InterruptedException {
    String bomb =
        "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY f SYSTEM"
            + " 'file:///etc/passwd'>]>";
    for (String entity : List.of("b", "f")) {
      var parts = new LinkedHashMap<String, String>();
      parts.put("mimetype", "application/vnd.oasis.opendocument.text");
      parts.put("content.xml", bomb + "<o><p>&" + entity + ";</p></o>");
      assertRefused("damaged or cut short", "a.odt", Made.zip(parts));
    }
    String page = "<p>&b; &f; <script>x()</script><iframe src='file:///etc/passwd'></iframe>";
    assertEquals(
        "&b; &f;\n",
        joined(read("a.html", (bomb + page).getBytes(UTF_8)))
            .replace("\r", "")
            .replaceAll("(?s).*(&b; &f;)", "$1"));
  }

  @Test
  void whatUnpacksWithoutEndIsRefused() throws IOException {
    assertRefused("unpacks to a lot", "bomb.odt", zeros("mimetype", 40));
    assertRefused("damaged or cut short", "bomb.epub", zeros("META-INF/container.xml", 40));
    assertRefused(
        "more than 50,000 characters",
        "bomb.docx",
        Made.docx(paragraph("x".repeat(60_000)), Map.of()));
    assertRefused(
        "more than 50,000 characters", "bomb.html", ("<p>" + "x".repeat(60_000)).getBytes(UTF_8));
    assertRefused("nested", "a.rtf", ("{\\rtf1" + "{".repeat(100_000)).getBytes(UTF_8));
  }

  /** An archive with one file of zeros. */
  private static byte[] zeros(String name, int mebibytes) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(name));
      for (int i = 0; i < mebibytes; i++) {
        zip.write(new byte[1 << 20]);
      }
    }
    return out.toByteArray();
  }

  @Test
  void whatIsProtectedOrOldSaysSo() throws IOException {
    try (var document = Made.pdf(List.of("secret"))) {
      document.protect(new StandardProtectionPolicy("owner", "user", new AccessPermission()));
      assertRefused("password", "a.pdf", Made.saved(document));
    }
    assertRefused("password", "a.docx", compound("EncryptedPackage"));
    assertRefused("old Word (DOC)", "a.doc", compound("WordDocument"));
    assertRefused("Outlook (MSG)", "a.msg", compound("__properties_version1.0"));
  }

  private static byte[] compound(String entry) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var files = new POIFSFileSystem()) {
      files.createDocument(new ByteArrayInputStream(new byte[10]), entry);
      files.writeFilesystem(out);
    }
    return out.toByteArray();
  }

  @Test
  void whatNeedsTooMuchMemoryEndsItsProcessAndNothingElse() throws InterruptedException {
    byte[] paragraphs = "<p>".repeat(2_000_000).getBytes(UTF_8); // a tree of them is kept in memory
    assertRefused("more than 96 MiB of memory", "a.html", paragraphs);
    assertEquals("on\n", joined(read("a.html", "<p>on".getBytes(UTF_8))));
  }
}
