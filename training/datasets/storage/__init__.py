"""The files of a data set: pictures, inputs, contact sheet, exports."""
