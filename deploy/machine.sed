# nginx.conf for one machine without containers: sed --file deploy/machine.sed deploy/nginx.conf
# One web process on the machine itself, Debian's folders, the usual ports.
s#/tmp/nginx\.pid#/run/nginx.pid#
s#server 172\.30\.77\.11:7860#server 127.0.0.1:7860#
/server 172\.30\.77\.12:7860/d
s#listen 8080 #listen 80 #
s#listen 8443 #listen 443 #
s#/run/secrets/tls_certificate#/etc/guichet/tls.crt#
s#/run/secrets/tls_key#/etc/guichet/tls.key#
s#/dev/stdout#/var/log/nginx/guichet.log#
