"""Editing in the browser: what `beaconpost cms` writes into a site's folder `admin/`.

fields    a field of the form for each key of a campaign's file, from what checks it
config    the form, and where its files are saved
package   the editor's script, out of a package that nobody has changed
folder    the files of admin/

What a build makes of that folder is in theme/site/admin.py.
"""
