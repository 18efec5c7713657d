// Shapes and a folder of N-Triples files in, a validation report beside each file out. Run by test_shapes_jena.py; one start of Java for all.

import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.shacl.ShaclValidator;
import org.apache.jena.shacl.Shapes;

public class ValidateJena {
    public static void main(String[] arguments) throws Exception {
        Shapes shapes = Shapes.parse(RDFDataMgr.loadGraph(arguments[0]));
        try (DirectoryStream<Path> inputs = Files.newDirectoryStream(Path.of(arguments[1]), "*.nt")) {
            for (Path path : inputs) {
                try (OutputStream out = new FileOutputStream(path + ".report")) {
                    RDFDataMgr.write(out, ShaclValidator.get().validate(shapes, RDFDataMgr.loadGraph(path.toString())).getModel(), Lang.NTRIPLES);
                }
            }
        }
    }
}
