package io.solebox.reader;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;

/** Documents that tests make: by the libraries that read them, or by hand. */
final class Made {
  private static final String WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
  private static final String RELATIONS =
      "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  private static final String PACKAGE = "http://schemas.openxmlformats.org/package/2006/";

  private static final String TYPES =
      """
      <Types xmlns='%scontent-types'>
      <Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>
      <Default Extension='xml' ContentType='application/xml'/><Override PartName='/%s'
      ContentType='application/vnd.openxmlformats-officedocument.%s.main+xml'/></Types>\
      """;

  private static final String ROOT =
      """
      <Relationships xmlns='%srelationships'>
      <Relationship Id='r1' Type='%s/officeDocument' Target='%s'/></Relationships>\
      """;

  private Made() {}

  /** What was read of one. */
  static Read read(String name, byte[] file) throws Refusal {
    return read(name, file, 10_000_000);
  }

  static Read read(String name, byte[] file, long most) throws Refusal {
    var read = new Read();
    Formats.read(name, file, read, most);
    return read;
  }

  static PDDocument pdf(List<String> pages) throws IOException {
    var document = new PDDocument();
    for (String text : pages) {
      var page = new PDPage();
      document.addPage(page);
      if (!text.isEmpty()) {
        try (var content = new PDPageContentStream(document, page)) {
          content.beginText();
          content.setFont(new PDType1Font(FontName.HELVETICA), 12);
          content.setLeading(14);
          content.newLineAtOffset(50, 700);
          for (String line : text.split("\n")) {
            content.showText(line);
            content.newLine();
          }
          content.endText();
        }
      }
    }
    return document;
  }

  static byte[] saved(PDDocument document) throws IOException {
    try (document) {
      var out = new ByteArrayOutputStream();
      document.save(out);
      return out.toByteArray();
    }
  }

  /**
   * A document of Word.
   *
   * @param body elements of Word's XML
   * @param more further parts by their names, which the document leads to by the same names
   */
  static byte[] docx(String body, Map<String, String> more) throws IOException {
    var parts = new LinkedHashMap<String, String>();
    parts.put(
        "word/document.xml",
        "<w:document xmlns:w='%s' xmlns:mc='urn:mc'><w:body>%s</w:body></w:document>"
            .formatted(WORD, body));
    parts.put("word/_rels/document.xml.rels", relations(more.keySet()));
    more.forEach(
        (name, xml) ->
            parts.put("word/" + name + ".xml", xml.replace("@w", "xmlns:w='" + WORD + "'")));
    return office("word/document.xml", "wordprocessingml.document", parts);
  }

  /** Relations whose names are r0, r1 and so on, to parts of the same folder. */
  static String relations(Collection<String> names) {
    var all = new StringBuilder();
    for (String name : names) {
      all.append(
          "<Relationship Id='r%d' Type='%s/%s' Target='%s.xml'/>"
              .formatted(
                  all.toString().split("Id=", -1).length - 1,
                  RELATIONS,
                  name.replaceAll("\\d", ""),
                  name));
    }
    return "<Relationships xmlns='%srelationships'>%s</Relationships>".formatted(PACKAGE, all);
  }

  /**
   * A package of Office.
   *
   * @param main the part with the document itself
   * @param kind of it, in the middle of its content type
   */
  static byte[] office(String main, String kind, Map<String, String> parts) throws IOException {
    var all = new LinkedHashMap<String, String>();
    all.put("[Content_Types].xml", TYPES.formatted(PACKAGE, main, kind));
    all.put("_rels/.rels", ROOT.formatted(PACKAGE, RELATIONS, main));
    all.putAll(parts);
    return zip(all);
  }

  static byte[] zip(Map<String, String> parts) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(out)) {
      for (var part : parts.entrySet()) {
        zip.putNextEntry(new ZipEntry(part.getKey()));
        zip.write(part.getValue().getBytes(UTF_8));
      }
    }
    return out.toByteArray();
  }
}
