package io.solebox.reader;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;

/** Which format reads a document: its content says it, and its name only of what is marked text. */
final class Formats {
  /** Of e-mails in e-mails. */
  private static final int DEEPEST = 5;

  private static final int HEAD = 1024;

  /** By a name that is in such files alone. */
  private static final Map<String, String> OLD =
      new TreeMap<>(
          Map.of(
              "WordDocument", "a document of the old Word (DOC); DOCX",
              "Workbook", "a workbook of the old Excel (XLS); XLSX",
              "Book", "a workbook of the old Excel (XLS); XLSX",
              "PowerPoint Document", "a presentation of the old PowerPoint (PPT); PPTX",
              "__properties_version1.0", "a message of Outlook (MSG); EML"));

  private final int depth;

  private Formats(int depth) {
    this.depth = depth;
  }

  /**
   * Reads a document.
   *
   * @param name as who brought it calls it
   * @param most characters of text
   */
  static void read(String name, byte[] file, Sink sink, long most) throws Refusal {
    var formats = new Formats(0);
    DocumentType type = typeOf(name, file);
    sink.type(type);
    formats.read(type, file, new Text(sink, most));
  }

  private void read(DocumentType type, byte[] file, Text out) throws Refusal {
    try {
      format(type).read(file, out);
      out.flush();
    } catch (Zip.Swelling e) {
      throw Refusal.swells(e.getMessage());
    } catch (Zip.Locked e) {
      throw Refusal.encrypted();
    } catch (IOException | RuntimeException e) {
      throw Refusal.damaged(type.said(), e);
    } catch (StackOverflowError e) {
      throw Refusal.damaged(type.said(), new IOException("it is nested too deep", e));
    }
  }

  private Format format(DocumentType type) {
    return switch (type) {
      case PDF -> new PdfFormat();
      case DOCX -> new DocxFormat();
      case XLSX -> new XlsxFormat();
      case PPTX -> new PptxFormat();
      case ODT -> new OdtFormat();
      case EPUB -> new EpubFormat();
      case RTF -> new RtfFormat();
      case EMAIL -> new EmailFormat(this::attachment);
      case HTML -> new HtmlFormat();
    };
  }

  /** What is wrong with an attachment is a note; the rest of the e-mail is read. */
  private void attachment(String name, byte[] content, Text out) throws Refusal {
    Text inside = out.inside(List.of(name));
    try {
      if (depth == DEEPEST) {
        throw new Refusal("It is in too many e-mails in each other.", "Save it by itself.");
      }
      if (isText(name, content)) {
        Decoded text = Decoded.of(content, Optional.empty());
        text.notes().forEach(inside::note);
        inside.line(text.text().replace("\r\n", "\n").stripTrailing());
        inside.flush();
      } else {
        new Formats(depth + 1).read(typeOf(name, content), content, inside);
      }
    } catch (Refusal refusal) {
      if (refusal.isOfAll()) {
        throw refusal;
      }
      inside.note("It was not read. " + refusal.getMessage());
    }
  }

  private static boolean isText(String name, byte[] content) {
    return name.toLowerCase(Locale.ROOT).matches(".*\\.(txt|md|csv|tsv|log|json|xml|ics|vcf)")
        && !beginning(content).contains("\0")
        && !beginning(content).startsWith("PK\3\4");
  }

  private static DocumentType typeOf(String name, byte[] file) throws Refusal {
    String head = beginning(file);
    String lower = name.toLowerCase(Locale.ROOT);
    if (head.contains("%PDF-")) {
      return DocumentType.PDF;
    } else if (head.startsWith("{\\rtf")) {
      return DocumentType.RTF;
    } else if (head.startsWith("PK\3\4") || head.startsWith("PK\5\6")) {
      return ZipTypes.of(file);
    } else if (head.startsWith("\u00d0\u00cf\u0011\u00e0")) {
      throw old(file);
    } else if (lower.endsWith(".eml") || lower.equals("message/rfc822")) {
      return DocumentType.EMAIL;
    } else if (lower.matches(".*\\.(html?|xhtml)|text/html")
        || head.toLowerCase(Locale.ROOT).matches("(?s).*<(!doctype\\s+html|html)\\b.*")) {
      return DocumentType.HTML;
    }
    throw new Refusal(
        "It is no document of a kind that is read.", "Save it as PDF, DOCX, HTML or text.");
  }

  private static String beginning(byte[] file) {
    return new String(file, 0, Math.min(file.length, HEAD), StandardCharsets.ISO_8859_1);
  }

  /** Of a compound file, the one container of Office before 2007, and of its encryption since. */
  private static Refusal old(byte[] file) {
    try (var compound = new POIFSFileSystem(new ByteArrayInputStream(file))) {
      if (compound.getRoot().hasEntry("EncryptedPackage")) {
        return Refusal.encrypted();
      }
      for (var kind : OLD.entrySet()) {
        if (compound.getRoot().hasEntry(kind.getKey())) {
          String[] said = kind.getValue().split("; ", 2);
          return new Refusal(
              "It is " + said[0] + ", which is not read.", "Save it as " + said[1] + ".");
        }
      }
      return new Refusal(
          "It is a file of an old program of Office, of a kind that is not read.",
          "Save it as DOCX, XLSX or PPTX.");
    } catch (IOException | RuntimeException e) {
      return Refusal.damaged("a file of an old program of Office", e);
    }
  }
}
