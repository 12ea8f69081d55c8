package io.solebox.reader;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.poi.openxml4j.exceptions.InvalidFormatException;
import org.apache.poi.openxml4j.exceptions.OpenXML4JRuntimeException;
import org.apache.poi.openxml4j.opc.OPCPackage;
import org.apache.poi.openxml4j.opc.PackagePart;
import org.apache.poi.openxml4j.opc.PackageRelationship;
import org.apache.poi.openxml4j.opc.PackageRelationshipTypes;
import org.apache.poi.openxml4j.opc.TargetMode;

/** A package of Office by POI: parts that lead to each other. What lies elsewhere is not sought. */
final class OfficePackage implements AutoCloseable {
  private static final String STRICT =
      "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument";

  private final OPCPackage opc;

  private OfficePackage(OPCPackage opc) {
    this.opc = opc;
  }

  static OfficePackage open(byte[] file) throws IOException, Refusal {
    try {
      return new OfficePackage(OPCPackage.open(new Zip(file)));
    } catch (InvalidFormatException | OpenXML4JRuntimeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  OPCPackage opc() {
    return opc;
  }

  /** The part with the document itself. */
  PackagePart main() throws IOException {
    var found = opc.getRelationshipsByType(PackageRelationshipTypes.CORE_DOCUMENT);
    var relations = found.isEmpty() ? opc.getRelationshipsByType(STRICT) : found;
    PackagePart main = relations.isEmpty() ? null : opc.getPart(relations.getRelationship(0));
    if (main == null) {
      throw new IOException("it has no part with the document itself");
    }
    return main;
  }

  /**
   * The parts that one leads to.
   *
   * @param kind how the name of the relation ends
   */
  List<PackagePart> related(PackagePart from, String kind) throws IOException {
    var parts = new ArrayList<PackagePart>();
    try {
      for (PackageRelationship relation : from.getRelationships()) {
        if (relation.getRelationshipType().endsWith("/" + kind)
            && relation.getTargetMode() == TargetMode.INTERNAL) {
          parts.add(from.getRelatedPart(relation));
        }
      }
    } catch (InvalidFormatException e) {
      throw new IOException(e.getMessage(), e);
    }
    return parts;
  }

  /** The part behind a relation's name. */
  Optional<PackagePart> related(PackagePart from, PackageRelationship relation) throws IOException {
    try {
      return relation == null || relation.getTargetMode() != TargetMode.INTERNAL
          ? Optional.empty()
          : Optional.ofNullable(from.getRelatedPart(relation));
    } catch (InvalidFormatException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  static void read(PackagePart part, SafeXml.Handler handler) throws IOException, Refusal {
    try (InputStream xml = part.getInputStream()) {
      SafeXml.read(xml, handler);
    }
  }

  /** Nothing is written. */
  @Override
  public void close() {
    opc.revert();
  }
}
