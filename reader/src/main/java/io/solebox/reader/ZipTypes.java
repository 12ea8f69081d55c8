package io.solebox.reader;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What an archive holds. */
final class ZipTypes {
  private static final String OPEN_DOCUMENT = "application/vnd.oasis.opendocument.";

  private ZipTypes() {}

  static DocumentType of(byte[] file) throws Refusal {
    try (var zip = new Zip(file)) {
      Optional<String> mime =
          zip.bytes("mimetype").map(b -> new String(b, StandardCharsets.UTF_8).strip());
      if (mime.isPresent()) {
        return ofMime(mime.get());
      } else if (zip.getEntry("META-INF/container.xml") != null) {
        return DocumentType.EPUB;
      } else if (zip.getEntry("[Content_Types].xml") != null) {
        return ofOffice(file);
      }
    } catch (Zip.Swelling e) {
      throw Refusal.swells(e.getMessage());
    } catch (Zip.Locked e) {
      throw Refusal.encrypted();
    } catch (IOException | RuntimeException e) {
      throw Refusal.damaged("an archive (ZIP), as DOCX, XLSX, PPTX, ODT and EPUB are,", e);
    }
    throw new Refusal("It is an archive (ZIP).", "Unpack it, and bring the documents in it.");
  }

  private static DocumentType ofMime(String mime) throws Refusal {
    if (mime.equals("application/epub+zip")) {
      return DocumentType.EPUB;
    } else if (mime.startsWith(OPEN_DOCUMENT + "text")) {
      return DocumentType.ODT;
    } else if (mime.startsWith(OPEN_DOCUMENT)) {
      throw new Refusal(
          "It is an OpenDocument file that is no text: " + mime.substring(OPEN_DOCUMENT.length()),
          "Save a spreadsheet as XLSX, a presentation as PPTX, a drawing as PDF.");
    }
    throw new Refusal("It is no document of a kind that is read.", "Save it as PDF, DOCX or ODT.");
  }

  private static DocumentType ofOffice(byte[] file) throws IOException, Refusal {
    try (OfficePackage opc = OfficePackage.open(file)) {
      String type = opc.main().getContentType();
      if (type.contains("wordprocessingml") || type.contains("ms-word")) {
        return DocumentType.DOCX;
      } else if (type.contains("binary")) {
        throw new Refusal("It is a binary workbook of Excel (XLSB).", "Save it as XLSX.");
      } else if (type.contains("spreadsheetml") || type.contains("ms-excel")) {
        return DocumentType.XLSX;
      } else if (type.contains("presentationml") || type.contains("ms-powerpoint")) {
        return DocumentType.PPTX;
      }
      throw new Refusal(
          "It is a file of Office of a kind that is not read: " + type,
          "Save it as DOCX, XLSX, PPTX or PDF.");
    }
  }
}
