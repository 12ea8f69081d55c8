package io.solebox.reader;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.destination.PDPageFitDestination;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDDocumentOutline;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDOutlineItem;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.junit.jupiter.api.Test;

/** Every kind of document, and where in it what is read stands. */
class FormatsTest {
  @Test
  void pagesOfPdfStandUnderTheirBookmarksAndBlankOnesAreTold() throws IOException, Refusal {
    PDDocument document = Made.pdf(List.of("First\npage", "", "Third"));
    var chapter = bookmark("Chapter", document, 0);
    chapter.addLast(bookmark("Part", document, 2));
    var outline = new PDDocumentOutline();
    outline.addLast(chapter);
    document.getDocumentCatalog().setDocumentOutline(outline);
    Read read = Made.read("a.pdf", Made.saved(document));
    assertEquals(List.of(DocumentType.PDF), read.types);
    assertEquals("1: Chapter: First / page\n3: Chapter > Part: Third", read.outline());
    assertEquals(
        List.of(
            "1 of 3 pages have no text: they are pictures, and what is written in those is not read"
                + " (2)."),
        read.notes);
  }

  private static PDOutlineItem bookmark(String title, PDDocument document, int page) {
    var destination = new PDPageFitDestination();
    destination.setPage(document.getPage(page));
    var item = new PDOutlineItem();
    item.setTitle(title);
    item.setDestination(destination);
    return item;
  }

  @Test
  void documentsOfWordStandUnderTheirHeadings() throws IOException, Refusal {
    String styles =
        """
        <w:styles @w><w:style w:type='paragraph' w:styleId='berschrift1'><w:name w:val='heading 1'/>
        <w:pPr><w:outlineLvl w:val='0'/></w:pPr></w:style><w:style w:styleId='Mine'>
        <w:basedOn w:val='berschrift1'/></w:style></w:styles>\
        """;
    String notes =
        "<w:footnotes @w><w:footnote w:id='2'><w:p><w:r><w:t>a"
            + " note</w:t></w:r></w:p></w:footnote></w:footnotes>";
    String header = "<w:hdr @w><w:p><w:r><w:t>Letterhead</w:t></w:r></w:p></w:hdr>";
    String body =
        """
        <w:p><w:pPr><w:pStyle w:val='Mine'/></w:pPr><w:r><w:t>One</w:t></w:r></w:p>
        <w:p><w:pPr><w:tabs><w:tab w:pos='5'/></w:tabs></w:pPr><w:r><w:t>Text</w:t><w:tab/><w:t>here</w:t>
        <w:footnoteReference w:id='2'/></w:r><w:del><w:r><w:delText>gone</w:delText><w:t>gone</w:t></w:r></w:del></w:p>
        <w:p><w:pPr><w:outlineLvl w:val='1'/></w:pPr><w:r><w:t>Two</w:t></w:r></w:p>
        <w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>item</w:t><w:br/><w:t>line</w:t></w:r></w:p>
        <w:p><w:r><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent>
        <mc:Fallback><w:t>twice</w:t></mc:Fallback><w:t>around</w:t></w:r></w:p>
        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>Name</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Age</w:t></w:r></w:p></w:tc></w:tr>
        <w:tr><w:tc><w:p><w:r><w:t>Ada</w:t></w:r></w:p><w:p><w:r><w:t>King</w:t></w:r></w:p></w:tc><w:tc>
        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>36</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>\
        """;
    Map<String, String> more = new LinkedHashMap<>();
    more.put("styles", styles);
    more.put("footnotes", notes);
    more.put("header", header);
    Read read = Made.read("a.docx", Made.docx(body, more));
    assertEquals(List.of(DocumentType.DOCX), read.types);
    assertEquals(
        ": Letterhead\n"
            + "One: One / Text\there [a note]\n"
            + "One > Two: Two / - item / line / box / around / Name | Age / Ada King | 36",
        read.outline());
    assertEquals(List.of(), read.notes);
  }

  @Test
  void workbooksShowWhatTheirSheetsShowAndRepeatTheirFirstRow() throws IOException, Refusal {
    var out = new ByteArrayOutputStream();
    try (var book = new XSSFWorkbook()) {
      var sheet = book.createSheet("People");
      var names = sheet.createRow(0);
      names.createCell(0).setCellValue("Name");
      names.createCell(2).setCellValue("Born");
      var date = book.createCellStyle();
      date.setDataFormat(book.createDataFormat().getFormat("yyyy-mm-dd"));
      for (int i = 1; i <= 120; i++) {
        var row = sheet.createRow(i);
        row.createCell(0).setCellValue("Ada\nKing " + i);
        row.createCell(2).setCellValue(1000 + i);
        row.getCell(2).setCellStyle(date);
      }
      book.createSheet("Sums").createRow(4).createCell(0).setCellFormula("1+2");
      book.getSheet("Sums").getRow(4).getCell(0).setCellValue(3.5);
      book.write(out);
    }
    Read read = Made.read("a.xlsx", out.toByteArray());
    assertEquals(List.of(DocumentType.XLSX), read.types);
    List<String> lines = read.outline().lines().toList();
    assertTrue(
        lines
            .getFirst()
            .startsWith("People > rows 1-75: Name |  | Born / Ada King 1 |  | 1902-09-27"),
        read::outline);
    assertTrue(
        lines.get(1).startsWith("People > rows 76-121: Name |  | Born / Ada King 75"),
        read::outline);
    assertEquals("Sums > row 5: 3.5", lines.getLast());
  }

  @Test
  void slidesArePagesUnderTheirTitles() throws IOException, Refusal {
    var parts = new LinkedHashMap<String, String>();
    parts.put(
        "ppt/presentation.xml",
        """
        <p:presentation xmlns:p='urn:p' xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'>
        <p:sldIdLst><p:sldId id='256' r:id='r1'/><p:sldId id='257' r:id='r0'/><p:sldId id='258' r:id='r9'/></p:sldIdLst>
        </p:presentation>\
        """);
    parts.put("ppt/_rels/presentation.xml.rels", Made.relations(List.of("slide1", "slide2")));
    parts.put(
        "ppt/slide1.xml",
        """
        <p:sld xmlns:p='urn:p' xmlns:a='urn:a'><p:sp><p:nvPr><p:ph type='ctrTitle'/></p:nvPr>
        <a:p><a:r><a:t>Hello</a:t></a:r></a:p></p:sp><p:sp><p:nvPr><p:ph idx='1'/></p:nvPr>
        <a:p><a:r><a:t>One</a:t></a:r><a:br/><a:r><a:t>Two</a:t></a:r></a:p></p:sp></p:sld>\
        """);
    parts.put("ppt/_rels/slide1.xml.rels", Made.relations(List.of("notesSlide")));
    parts.put(
        "ppt/notesSlide.xml",
        """
        <p:notes xmlns:p='urn:p' xmlns:a='urn:a'><p:sp><p:nvPr><p:ph type='sldNum'/></p:nvPr><a:p><a:t>1</a:t></a:p></p:sp>
        <p:sp><p:nvPr><p:ph type='body'/></p:nvPr><a:p><a:r><a:t>Say it slowly</a:t></a:r></a:p></p:sp></p:notes>\
        """);
    parts.put(
        "ppt/slide2.xml",
        """
        <p:sld xmlns:p='urn:p' xmlns:a='urn:a'><a:tbl><a:tr><a:tc><a:p><a:t>a</a:t></a:p></a:tc>
        <a:tc><a:p><a:t>b</a:t></a:p></a:tc></a:tr></a:tbl></p:sld>\
        """);
    byte[] show = Made.office("ppt/presentation.xml", "presentationml.presentation", parts);
    Read read = Made.read("a.pptx", show);
    assertEquals(List.of(DocumentType.PPTX), read.types);
    assertEquals("1: : a | b\n2: Hello: Hello / One / Two / Say it slowly", read.outline());
    assertEquals(List.of("Slide 3 is missing in the file."), read.notes);
  }

  @Test
  void textsOfOpenDocumentAreReadAsThoseOfWord() throws IOException, Refusal {
    String content =
        """
        <office:document-content xmlns:office='urn:o' xmlns:text='urn:t' xmlns:table='urn:b'><office:body><office:text>
        <text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>
        <text:h text:outline-level='1'>One</text:h><text:p>Text<text:s text:c='2'/>here<text:tab/>x
        <text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>a note</text:p></text:note-body></text:note></text:p>
        <text:list><text:list-item><text:p>item</text:p></text:list-item></text:list>
        <table:table><table:table-row><table:table-cell><text:p>a</text:p><text:p>b</text:p></table:table-cell>
        <table:table-cell><text:p>c</text:p></table:table-cell></table:table-row></table:table>
        </office:text></office:body></office:document-content>\
        """;
    var parts = new LinkedHashMap<String, String>();
    parts.put("mimetype", "application/vnd.oasis.opendocument.text");
    parts.put("content.xml", content.replace("\n", ""));
    Read read = Made.read("a.odt", Made.zip(parts));
    assertEquals(List.of(DocumentType.ODT), read.types);
    assertEquals("One: One / Text  here\tx [a note] / - item / a b | c", read.outline());
  }

  @Test
  void booksAreReadInTheOrderOfTheirSpine() throws IOException, Refusal {
    var parts = new LinkedHashMap<String, String>();
    parts.put("mimetype", "application/epub+zip");
    parts.put(
        "META-INF/container.xml",
        "<container xmlns='urn:x'><rootfiles><rootfile full-path='OEBPS/my"
            + " book.opf'/></rootfiles></container>");
    parts.put(
        "OEBPS/my book.opf",
        """
        <package><manifest><item id='b' href='two.xhtml'/><item id='a' href='text/one%20a.xhtml'/></manifest>
        <spine><itemref idref='a'/><itemref idref='b'/><itemref idref='c'/></spine></package>\
        """);
    parts.put("OEBPS/two.xhtml", "<html><body><p>end</p></body></html>");
    parts.put(
        "OEBPS/text/one a.xhtml",
        "<?xml version='1.0'"
            + " encoding='utf-8'?><html><head><title>Book</title></head><body><h1>Öne</h1><h2>Deep</h2><p>text</p></body></html>");
    Read read = Made.read("a.epub", Made.zip(parts));
    assertEquals(List.of(DocumentType.EPUB), read.types);
    assertEquals("Öne: Öne\nÖne > Deep: Deep / text\n: end", read.outline());
    assertEquals(
        List.of("1 of 3 chapters are missing or encrypted, and were not read."), read.notes);
  }

  @Test
  void webPagesShowWhatABrowserShows() throws Refusal {
    String page =
        """
        <!DOCTYPE html><html><head><title>Title</title><style>p { }</style></head><body>
        <script>alert(1)</script><p>Hello  <b>big</b>
        world<br>next</p><h2>Two</h2><ul><li>a<li>b</ul><pre>  x
          y</pre><table><tr><th>n</th><th>v</th></tr><tr><td>1</td><td><p>2</p><p>3</p></td></tr></table>
        <table><tr><td><p>only</p><table><tr><td>i</td><td>j</td></tr></table></td></tr></table></body></html>\
        """;
    Read read = Made.read("page", page.getBytes(UTF_8));
    assertEquals(List.of(DocumentType.HTML), read.types);
    assertEquals(
        "Title: Title / Hello big world / next\n"
            + "Title > Two: Two / - a / - b /   x /   y / n | v / 1 | 2 3 / only / i | j",
        read.outline());
    Read old = Made.read("a.html", "<meta charset=utf-8><p>Grüße".getBytes(ISO_8859_1));
    assertEquals(": Grüße", old.outline());
    assertTrue(old.notes.getFirst().contains("Windows-1252"), old.notes::toString);
    assertEquals(
        ": Привет",
        Made.read("a.html", "<meta charset=koi8-r><p>Привет".getBytes(Charset.forName("koi8-r")))
            .outline());
  }

  @Test
  void emailsHaveTheirAttachmentsAsParts() throws IOException, Refusal {
    String pdf = Base64.getMimeEncoder().encodeToString(Made.saved(Made.pdf(List.of("Invoice"))));
    String mail =
        """
        From: =?utf-8?q?J=C3=B6rg?= <j@example.org>
        To: b@example.org
        Subject: =?utf-8?b?R3LDvMOfZQ==?=
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=x

        --x
        Content-Type: multipart/alternative; boundary=y

        --y
        Content-Type: text/plain; charset=iso-8859-1
        Content-Transfer-Encoding: quoted-printable

        Sch=F6n
        --y
        Content-Type: text/html

        <p>not this</p>
        --y--
        --x
        Content-Type: application/pdf
        Content-Transfer-Encoding: base64
        Content-Disposition: attachment; filename="a b.pdf"

        %s
        --x
        Content-Type: image/png
        Content-Disposition: attachment; filename=logo.png

        abc
        --x
        Content-Type: message/rfc822

        Subject: inner

        deep
        --x--
        """
            .formatted(pdf.replace("\r", "").replaceAll("(?m)^", ""))
            .replace("\n", "\r\n");
    Read read = Made.read("a.eml", mail.getBytes(UTF_8));
    assertEquals(List.of(DocumentType.EMAIL), read.types);
    assertEquals(
        "Grüße: From: Jörg <j@example.org> / To: b@example.org / Subject: Grüße / Schön\n"
            + "1: Grüße > a b.pdf: Invoice\n"
            + "Grüße > message/rfc822 > inner: Subject: inner / deep",
        read.outline());
    assertEquals(
        List.of("logo.png: It was not read. It is no document of a kind that is read."),
        read.notes);
  }

  @Test
  void rtfHasItsTextWithoutItsLooks() throws Refusal {
    String rtf =
        """
        {\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}{\\f1\\fcharset204 Arial Cyr;}}{\\colortbl;\\red0;}
        {\\info{\\title hidden}}\\pard\\outlinelevel0 Title\\par
        \\pard Gr\\'fc\\'dfe \\u8364?\\u19990 x, {\\f1 \\'cf\\'f0} {\\*\\unknown gone}\\{x\\}\\line next\\par
        \\pard\\intbl a\\cell b\\par c\\cell\\row \\pard end}\
        """;
    Read read = Made.read("a.rtf", rtf.getBytes(ISO_8859_1));
    assertEquals(List.of(DocumentType.RTF), read.types);
    assertEquals("Title: Title / Grüße €世, Пр {x} / next / a | b c / end", read.outline());
  }
}
